/* How does L0 say something?  Lines on the console, all of which begin with "firn: ". */
#ifndef HOST_REPORT_PRINT_H
#define HOST_REPORT_PRINT_H

#include <stdarg.h>

/* %s %c %d %u %x %lu %lx %llu %llx %p %%, with an optional zero and width. Whole calls do not mix between CPUs. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_list(const char *format, va_list list);

#endif
