/* What programs of the tiny operating system get besides POSIX's and C's own names: the
 * calls that POSIX has not, or has in a larger form.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os.h"

/* A call as it is: its result, or below 0 an error of errno.h. */
int32_t os_call(uint32_t a, uint32_t b, uint32_t c, uint32_t number);

/* Each returns -1 and sets errno if it is refused. */
int os_wait(int *code); /* the pid of a child that has ended */
int os_kill(int pid);
int os_group(void);
int os_processes(struct process_status *table, int n);
int os_terminal(enum terminal_mode mode);
int os_status(const char *path, struct file_status *status);
int os_jail(const char *path, const struct jail_limits *limits);
int os_guest_run(struct guest_state *guest);
int os_halt(int code);
uint64_t os_clock(void);
void os_sleep(uint64_t instructions);

/* Prints 'NAME: WHAT: why', from errno, and returns 1: a program's exit code. */
int complain(const char *name, const char *what);

#endif
