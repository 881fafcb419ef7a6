/* The payload image as data of the program that loads it: l2_image up to l2_image_end. */
	.section .rodata
	.global l2_image, l2_image_end
	.balign	4096
l2_image:
	.incbin	"l2.bin"
l2_image_end:

	.section .note.GNU-stack, "", @progbits
