/* What the files of `droste classify` share. */
#ifndef DROSTE_CLI_CLASSIFY_H
#define DROSTE_CLI_CLASSIFY_H

#include "cli.h"
#include "properties/classify.h"

/* How an instruction is written: fence.i, not fence_i. */
const char *insn_text(enum insn insn, char to[16]);

/* ---- classify_witness.c ------------------------------------------------- */

/* Calls visit for every verdict on c that has a witness, with a title for it. */
typedef void verdict_visitor(void *self, const char *key, const char *title, const struct classify_verdict *verdict);
void each_verdict(const struct classified *c, verdict_visitor *visit, void *self);

/* Runs each witness of an instruction again and shows it step by step. */
bool print_witnesses(const struct classification *all, enum insn insn, struct refusal *why);

/* ---- classify_json.c ---------------------------------------------------- */

/* The whole of it as one document on standard output. */
void print_classification_json(const struct classification *all, const bool shown[INSNS]);

/* ---- classify_all.c ----------------------------------------------------- */

/* The theorems on every shipped profile, a row each. */
bool print_all_profiles(struct refusal *why);

#endif
