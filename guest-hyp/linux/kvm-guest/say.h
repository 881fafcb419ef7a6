/*
 * How does kvm-guest say what is wrong?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_SAY_H
#define GUEST_HYP_LINUX_KVM_GUEST_SAY_H

#define STATUS_FAILED 1 /* a file, L1's KVM or L2 is not as it should be */
#define STATUS_USAGE 2	/* the command line is not as it should be */

/* One line on stderr that begins with "kvm-guest: ". */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and the end of the program, with all that exit() does. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void fail_usage(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
