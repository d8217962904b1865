/* gdb's other end: sockets and a connection's life.  Between the protocol (gdb_packets.h)
 * and what packets mean (gdb_target.h); called by the command line.
 */
#ifndef DROSTE_GDB_SERVER_H
#define DROSTE_GDB_SERVER_H

#include "inspector/commands.h"

/* Listens at ADDRESS:PORT, [ADDRESS]:PORT or PORT, which is on loopback only.  Port 0: one
 * that is free.  at gets where it listens, as gdb takes it.  Returns a file descriptor, or -1 if
 * refused. */
int gdb_listen(const char *where, char *at, size_t n, struct refusal *why);

/* Waits for gdb.  -1: no more will come. */
int gdb_accept(int listening);

enum gdb_parting {
	GDB_GONE,   /* the connection has ended */
	GDB_KILLED, /* gdb has killed the machine */
};

/* Serves one gdb, from the first packet to the last. */
enum gdb_parting gdb_serve(struct inspector *inspector, int in, int out);

/* A gdb script that attaches to every level that there is now, of what is served there. */
void gdb_write_script(const struct inspector *inspector, const char *at, FILE *to);

#endif
