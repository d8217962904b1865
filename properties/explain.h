/* A finding in words: what fails, where, both states with the differences marked, and
 * what it took.  Called by `droste check` and by whatever writes reports.
 */
#ifndef DROSTE_EXPLAIN_H
#define DROSTE_EXPLAIN_H

#include <stdio.h>

#include "properties/check.h"

/* One line: property, verdict, and what it rests on. */
void explain_verdict(const struct finding *finding, FILE *to);

/* If it fails: the class of the fault, and the part of a monitor that is wrong then. */
void explain_class(const struct finding *finding, FILE *to);

/* The smallest program found on which it fails, if one was looked for and found. */
void explain_small(const struct finding *finding, FILE *to);

/* If it fails: all that is known of it.  source names the line of the guest's source
 * at which it diverges; NULL if not known. */
void explain_fault(const struct finding *finding, const char *source, FILE *to);

/* The name of the trap that was taken last, or "none". */
const char *explain_trap(const struct moment *moment);

/* "file:line (function)" of an address in an ELF file, by its debug information; from
 * malloc, or NULL if it has none.  name is the file's. */
char *explain_place(const void *elf, size_t size, const char *name, uint32_t address);
char *explain_source(const struct guest *guest, uint32_t address);

/* The address in the guest's real storage of the instruction at which it diverges. */
uint32_t explain_address(const struct finding *finding);

#endif
