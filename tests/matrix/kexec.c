/* How does L1 start another kernel without a reset?  Usage: kexec KERNEL INITRD CMDLINE. */
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int kernel = argc == 4 ? open(argv[1], O_RDONLY) : -1,
	    initrd = argc == 4 ? open(argv[2], O_RDONLY) : -1;

	if (kernel < 0 || initrd < 0 ||
	    syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[3]) + 1, argv[3], 0UL) ||
	    syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL))
		perror("kexec");
	return 1;
}
