/* For the Wine prefix only, never shipped. Windows 10 has this library; the Wine of Debian 12 does
   not, and libraries written in Rust draw their random numbers through it. The numbers come from
   the system's own generator. */
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *target, unsigned long size);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *target, unsigned long long size)
{
    const unsigned long most = 1ul << 20;
    while (size > 0) {
        unsigned long now = size > most ? most : (unsigned long)size;
        if (!SystemFunction036(target, now))
            return 0;
        target += now;
        size -= now;
    }
    return 1;
}
