/* What the files of gdb's target share; nobody else includes it.  The public door is
 * gdb_target.h.
 */
#ifndef DROSTE_GDB_INSIDE_H
#define DROSTE_GDB_INSIDE_H

#include "gdb_target.h"

/* As gdb numbers them. */
enum { SIGNAL_NONE = 0, SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_ABORT = 6 };

enum { ERROR_NO_SUCH = 1, ERROR_SYNTAX = 2, ERROR_REFUSED = 3, ERROR_NO_ROOM = 4 };

#define GDB_BYTES_MOST (GDB_PACKET_MOST / 2) /* that a packet can hold in hex */

/* ---- gdb_target.c: levels, answers, processes, questions ------------------ */

struct session *gdb_session(const struct gdb_target *target);
bool gdb_exists(const struct gdb_target *target, unsigned level);

/* What gdb sees of a level. */
struct gdb_view {
	struct level_state state; /* its PSW: the one that gdb sees */
	bool away;     /* it is a monitor whose VM runs, and will go on at this PSW */
	bool absolute; /* it is a monitor: its addresses are those of its real storage */
};

struct gdb_view gdb_view(const struct gdb_target *target, unsigned level);

void gdb_put_thread(const struct gdb_target *target, struct gdb_text *answer, unsigned level);
void gdb_put_ok(struct gdb_text *answer);
void gdb_put_error(struct gdb_text *answer, unsigned code);

/* For the user, on gdb's screen. */
void gdb_say_bytes(const struct gdb_target *target, const void *bytes, size_t n);
void gdb_say(const struct gdb_target *target, const char *text);

/* ---- packets: each gets what follows its beginning ------------------------- */

#define HANDLER(name) enum gdb_after name(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)

/* gdb_state.c */
HANDLER(gdb_read_registers);
HANDLER(gdb_write_registers);
HANDLER(gdb_read_register);
HANDLER(gdb_write_register);
HANDLER(gdb_read_memory);
HANDLER(gdb_write_memory);
HANDLER(gdb_write_binary);

/* gdb_motion.c */
HANDLER(gdb_add_point);
HANDLER(gdb_remove_point);
HANDLER(gdb_resume);
HANDLER(gdb_step_back);
HANDLER(gdb_go_back);

/* Of one level; LEVELS_MOST: of all. */
void gdb_remove_points(struct gdb_target *target, unsigned level);

/* gdb does not expect to hear of a process to which it has not attached; of the one that it
 * hears of, it takes the registers to be. */
void gdb_put_stop(struct gdb_target *target, unsigned signal, unsigned level, const char *reason,
                  struct gdb_text *answer);

/* gdb_documents.c */
HANDLER(gdb_give_document);

#endif
