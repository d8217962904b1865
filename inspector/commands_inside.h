/* What the files of the commands share; nobody else includes it. */
#ifndef DROSTE_COMMANDS_INSIDE_H
#define DROSTE_COMMANDS_INSIDE_H

#include "inspector/commands.h"
#include "inspector/json.h"

/* ---- commands.c: answering and reading ---------------------------------- */

void answer_say(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void answer_fail(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A field of the answer's document, if there is one; takes value. */
void answer_set(struct answer *answer, const char *key, json_t *value);
json_t *json_address(uint32_t address); /* "0x…" */

/* Bytes that may be no text, as JSON can have them. */
json_t *json_bytes(const uint8_t *bytes, size_t n);

/* The next word, ended by 0; *text goes on after it.  Empty at the end. */
char *next_word(char **text);

/* Cuts text before a word that stands alone in it, and returns what follows; NULL: none. */
char *split_at_word(char *text, const char *word);

/* A level by number or VM's name; an expression, with a value of its own if there is none.
 * Failing, they fill the answer. */
bool read_level(const struct inspector *inspector, const char *text, unsigned *level, struct answer *answer);
bool read_value(const struct inspector *inspector, const char *text, uint64_t otherwise, uint64_t *value,
                struct answer *answer);

/* Of an address of code: '*' before it is no more than gdb's emphasis; false, and said, if no instruction can
 * stand there. */
const char *without_star(const char *text);
bool is_code_address(uint64_t address, struct answer *answer);

/* The command of a line, which goes on after it with its arguments.  NULL: none, or more than
 * one, and why. */
const struct inspector_command *command_find(char **line, struct refusal *why);

/* ---- commands_evaluate.c ------------------------------------------------ */

#define SPECIALS 9
extern const char *const special_names[SPECIALS + 1];
int register_number(const char *name); /* -1: none */

/* An address as commands take it: symbols, lines and @ADDRESS are past R. */
struct place_at {
	uint32_t address;
	bool absolute;
};

bool command_address(const struct inspector *inspector, const char *text, struct place_at *place, struct refusal *why);

/* ---- commands_describe.c ------------------------------------------------ */

/* "<main+4>", or nothing if it is in no symbol; of a virtual address. */
void symbol_text(const struct inspector *inspector, unsigned level, uint32_t address, char *text, size_t n);
void symbol_at(const struct inspector *inspector, unsigned level, struct place_at place, char *text, size_t n);

/* The instruction there, tabs made spaces. */
void instruction_text(const struct inspector *inspector, unsigned level, struct place_at place, char *text, size_t n);

/* A line of a source file, from malloc, without its end; NULL: not found. */
char *source_text(struct source_line at);

/* Where the level looked at is, and why it is there: arrival NULL, if nothing moved. */
void describe_place(struct inspector *inspector, const struct arrival *arrival, struct answer *answer);

/* Bytes that a line wrote, so that they cannot harm a terminal. */
void describe_bytes(struct answer *answer, unsigned line, const uint8_t *bytes, size_t n);

/* That so many bytes of its output are not kept; nothing if none are missing. */
void describe_loss(struct answer *answer, unsigned line, uint64_t bytes);

/* What the lines have written since it was asked last. */
void describe_output(struct inspector *inspector, struct answer *answer);

/* The real line of the first console line of a level. */
unsigned first_line_of(const struct inspector *inspector, unsigned level);

/* A trap, in words. */
void describe_trap(const struct inspector *inspector, const struct trap_record *trap, struct answer *answer);
json_t *json_trap(const struct inspector *inspector, const struct trap_record *trap);

/* ---- the commands: commands_*.c ------------------------------------------- */

#define COMMAND(name) \
	void name(struct inspector *inspector, const struct inspector_command *self, char *arguments, struct answer *answer)

COMMAND(command_levels);
COMMAND(command_level);
COMMAND(command_up);
COMMAND(command_down);
COMMAND(command_where);
COMMAND(info_registers);
COMMAND(info_psw);
COMMAND(info_traps);
COMMAND(info_exits);
COMMAND(info_counts);
COMMAND(info_clock);
COMMAND(info_devices);
COMMAND(info_properties);
COMMAND(info_marks);
COMMAND(command_translate);
COMMAND(command_examine);
COMMAND(command_disassemble);
COMMAND(command_list);
COMMAND(command_print);
COMMAND(command_symbols);
COMMAND(command_compare);
COMMAND(info_twin);

/* Where the level and its bare twin stand, if they have parted at this step. */
void describe_parting(const struct inspector *inspector, struct answer *answer);

/* Which cause a word names; CAUSES: any.  Fills the answer if none. */
bool read_cause(const char *text, unsigned *cause, struct answer *answer);

/* ---- forms.c: virtual machines of other kinds ------------------------------ */

COMMAND(info_form);
COMMAND(command_form_step);

COMMAND(command_help);
COMMAND(command_enter);
COMMAND(command_move);
COMMAND(command_line);
COMMAND(command_until);
COMMAND(command_exit);
COMMAND(command_cause);
COMMAND(command_clock);
COMMAND(command_goto);

COMMAND(info_points);
COMMAND(command_break);
COMMAND(command_watch);
COMMAND(command_catch);
COMMAND(command_ignore);
COMMAND(command_enable);
COMMAND(command_disable);
COMMAND(command_delete);
COMMAND(command_condition);

COMMAND(command_set);
COMMAND(command_type);
COMMAND(command_eof);
COMMAND(command_output);
COMMAND(command_mark);
COMMAND(command_save);
COMMAND(command_load);
COMMAND(command_source);
COMMAND(command_quit);

/* ---- commands_complete.c ------------------------------------------------ */

typedef char *completer(const struct inspector *inspector, const char *word, unsigned n);
completer complete_symbol, complete_level, complete_register, complete_cause, complete_mark, complete_point,
          complete_command, complete_on_off;

#endif
