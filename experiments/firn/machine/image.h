/*
 * Is this file something that can be booted, and how much memory does it need?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_IMAGE_H
#define EXPERIMENTS_FIRN_MACHINE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct image {
	int fd;		    /* open for reading, inherited by QEMU */
	uint64_t bytes;	    /* of the file */
	uint64_t in_memory; /* that it occupies once loaded, from the start of its 2 MiB aligned place */
};

/*
 * Opens a Linux arm64 image and checks it.  What names its role in messages ("kernel", "L0 image"), hint what
 * to do when it is not there.  False after one line on stderr.
 */
bool image_open(struct image *image, const char *what, const char *path, const char *hint);

/* The same for a file without a header (an initramfs): it has to exist and not to be empty. */
bool image_open_plain(struct image *image, const char *what, const char *path, const char *hint);

void image_close(struct image *image);

#endif
