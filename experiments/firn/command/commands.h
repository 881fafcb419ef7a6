/*
 * Which commands are there?  Each takes the words behind its name and returns firn's exit status.
 */
#ifndef EXPERIMENTS_FIRN_COMMAND_COMMANDS_H
#define EXPERIMENTS_FIRN_COMMAND_COMMANDS_H

int command_run(int argc, char **argv);
int command_record(int argc, char **argv);
int command_report(int argc, char **argv);
int command_view(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_whatif(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_experiment(int argc, char **argv);
int command_stat(int argc, char **argv);
int command_lesson(int argc, char **argv);
int command_list(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_version(int argc, char **argv);
int command_help(int argc, char **argv);

#endif
