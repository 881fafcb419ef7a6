/*
 * When does an application begin, and when has it ended?  One instruction that does nothing, which a plugin of QEMU takes for a mark
 * (experiments/plugin/outside.h): a program at EL0 has no HVC.
 */
int main(void)
{
	__asm__ volatile("mov x25, x25");
	return 0;
}
