/* For the Wine prefix only, never shipped. Qt asks for the colour profile of the screen through
   functions that the Wine of Debian 12 lacks. Every answer here is "there is none". */
#define ANSWER __declspec(dllexport)

ANSWER void *__stdcall OpenColorProfileW(void *profile, unsigned access, unsigned share,
                                         unsigned mode)
{
    return 0;
}
ANSWER int __stdcall CloseColorProfile(void *profile) { return 0; }
ANSWER void *__stdcall WcsCreateIccProfile(void *profile, unsigned options) { return 0; }
ANSWER int __stdcall GetColorProfileFromHandle(void *profile, void *buffer, unsigned *size)
{
    return 0;
}
