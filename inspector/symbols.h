/* Names and source lines of a program, from its ELF file (libelf, libdw).  Called by the
 * commands, the views, the traces and whoever explains a finding.  A file without
 * symbols or lines, or a damaged one, just has none.
 */
#ifndef DROSTE_SYMBOLS_H
#define DROSTE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbols;

/* From the bytes of an ELF file, copied.  NULL if it is none, or out of memory. */
struct symbols *symbols_read(const void *elf, size_t size, const char *path);
void symbols_free(struct symbols *symbols);

struct source_line {
	const char *folder, *file; /* where the compiler ran, or NULL, and what it was given; valid as
	                              long as the symbols; file NULL: not known */
	unsigned line;
};

/* To be read; NULL: not found.  The file that the compiler saw; else one of its name from the
 * folder droste is in, as in a tree that was moved. */
FILE *source_open(struct source_line at);

const char *symbols_path(const struct symbols *symbols);

/* The function or object that holds an address, and how far into it.  NULL: none. */
const char *symbols_name(const struct symbols *symbols, uint32_t address, uint32_t *offset);
bool symbols_address(const struct symbols *symbols, const char *name, uint32_t *address);
struct source_line symbols_line(const struct symbols *symbols, uint32_t address);

/* The first address of FILE:LINE; file may be the path's last part. */
bool symbols_line_address(const struct symbols *symbols, const char *file, unsigned line, uint32_t *address);

/* The n-th name that begins with a prefix, in order; NULL: no more. */
const char *symbols_match(const struct symbols *symbols, const char *prefix, unsigned n);

#endif
