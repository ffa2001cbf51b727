/* For the Wine prefix only, never shipped. Windows 10 brings ICU since 1703; Qt uses it for old
   encodings. Here every request for one is answered with "not available", and Qt keeps to its own
   UTF encodings, which are all this program uses. */
#define ANSWER __declspec(dllexport)
enum { NO_SUCH_FILE = 4, UNSUPPORTED = 16 };

static void refuse(int *error, int code)
{
    if (error && *error <= 0)
        *error = code;
}
ANSWER void *ucnv_open(const char *name, int *error)
{
    refuse(error, NO_SUCH_FILE);
    return 0;
}
ANSWER void ucnv_close(void *converter) {}
ANSWER void ucnv_reset(void *converter) {}
ANSWER signed char ucnv_getMaxCharSize(void *converter) { return 1; }
ANSWER int ucnv_countAvailable(void) { return 0; }
ANSWER const char *ucnv_getAvailableName(int index) { return 0; }
ANSWER const char *ucnv_getName(void *converter, int *error)
{
    refuse(error, UNSUPPORTED);
    return 0;
}
ANSWER const char *ucnv_getStandardName(const char *name, const char *standard, int *error)
{
    refuse(error, UNSUPPORTED);
    return 0;
}
ANSWER void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
ANSWER void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
ANSWER void ucnv_getToUCallBack(void *converter, void **action, const void **context)
{
    if (action)
        *action = 0;
    if (context)
        *context = 0;
}
ANSWER void ucnv_getFromUCallBack(void *converter, void **action, const void **context)
{
    ucnv_getToUCallBack(converter, action, context);
}
ANSWER void ucnv_setToUCallBack(void *converter, void *action, const void *context, void **before,
                                const void **earlier, int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER void ucnv_setFromUCallBack(void *converter, void *action, const void *context,
                                  void **before, const void **earlier, int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER void ucnv_cbToUWriteUChars(void *arguments, const void *text, int size, int offset,
                                  int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER void ucnv_cbFromUWriteUChars(void *arguments, const void **text, const void *end,
                                    int offset, int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER void ucnv_toUnicode(void *converter, void **target, const void *limit, const char **source,
                           const char *end, int *offsets, signed char flush, int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER void ucnv_fromUnicode(void *converter, char **target, const char *limit,
                             const void **source, const void *end, int *offsets,
                             signed char flush, int *error)
{
    refuse(error, UNSUPPORTED);
}
ANSWER int ucnv_toUCountPending(void *converter, int *error)
{
    refuse(error, UNSUPPORTED);
    return 0;
}
ANSWER int ucnv_fromUCountPending(void *converter, int *error)
{
    refuse(error, UNSUPPORTED);
    return 0;
}
