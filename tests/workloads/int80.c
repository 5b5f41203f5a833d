/*
 * System calls by int 0x80 from a 64-bit program: their numbers are of the 32-bit table, and nothing in the tracepoint
 * says so. 20 is getpid there, and writev in the 64-bit table. Prints {"workload":"int80","pid":...,"calls":N}; on other
 * machines than x86-64 it makes no calls.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int calls = 0;
#ifdef __x86_64__
    for (; calls < (argc > 1 ? atoi(argv[1]) : 10); calls++) {
        long result = 20;
        __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
        if (result != getpid())
            return 1;   /* a kernel without CONFIG_IA32_EMULATION */
    }
#else
    (void) argc;
    (void) argv;
#endif
    printf("{\"workload\":\"int80\",\"pid\":%d,\"calls\":%d}\n", getpid(), calls);
    return 0;
}
