/*
 * Which files does the user want in L1, and what do these need there?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_ADD_H
#define EXPERIMENTS_FIRN_MACHINE_ADD_H

#include <stdbool.h>
#include <stdio.h>

#include "experiments/firn/tool/options.h"

/*
 * An archive behind the initramfs, with what each of words names: FILE or FILE:PATH, where FILE is a file or a folder with all
 * that is in it, and PATH is its name in L1; of a file, a PATH with a slash at its end is the folder to put it into.  Without
 * PATH, what can be executed is put into /bin and all else into /.  foreign: the initramfs is the user's and has the usual folders and libraries; else the libraries that a program
 * needs come along.  False after one
 * line on stderr.
 */
bool add_files(FILE *out, const struct option_words *words, bool foreign);

#endif
