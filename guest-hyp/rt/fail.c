/* How does a program say that something is wrong?  With one line, which is its last. */
#include "guest-hyp/rt/rt.h"

/* libfdt's distribution build is stack-protected and wants these two. */
uintptr_t __stack_chk_guard = 0x5ac3f00d;
_Noreturn void __stack_chk_fail(void);

void rt_fail(const char *format, ...)
{
	va_list arguments;

	rt_print("not ok ");
	va_start(arguments, format);
	rt_print_list(format, &arguments);
	va_end(arguments);
	rt_putc('\n');
	rt_off();
}

_Noreturn void __stack_chk_fail(void)
{
	rt_fail("stack overwritten");
}
