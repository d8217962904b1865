/* For programs that make a virtual machine of their own: how they describe its state to those who
 * look on from outside (isa/isa.h: struct form_description).  It costs the program a word that
 * counts steps, and its state must be in storage when one ends.
 */
#ifndef DROSTE_FORM_H
#define DROSTE_FORM_H

#include "isa/isa.h"

#define FORM_ADDRESS(variable) ((uint32_t)(uintptr_t)&(variable))

/* A word, or an array of words or characters. */
#define FORM_FIELD(name_, variable, style_) \
	{ .name = name_, .at = FORM_ADDRESS(variable), .style = FORM_##style_, \
	  .count = FORM_##style_ == FORM_TEXT ? sizeof(variable) : sizeof(variable) / sizeof(uint32_t) }

/* The count words of an array up to the one that an index names. */
#define FORM_STACK(name_, array, count_, index, style_) \
	{ .name = name_, .at = FORM_ADDRESS((array)[0]), .count = count_, .top = FORM_ADDRESS(index), .style = FORM_##style_ }

/* Of bytes bytes or, of text, at most so many: behind pointers, the first of which is a variable. */
#define FORM_BEHIND(name_, pointer, bytes_, style_, hops_, ...) \
	{ .name = name_, .at = FORM_ADDRESS(pointer), .style = FORM_##style_, .hops = hops_, .hop = { __VA_ARGS__ }, \
	  .count = FORM_##style_ == FORM_TEXT ? (bytes_) : 1, .bytes = FORM_##style_ == FORM_TEXT ? 0 : (bytes_) }

/* A step has ended: what the compiler has kept in registers goes to storage, then it counts. */
#define FORM_STEP(steps) \
	do { \
		__asm__ volatile("" : : : "memory"); \
		*(volatile uint32_t *)&(steps) += 1; \
	} while (0)

/* Puts a description where it is found. */
#define FORM_ANCHOR(description) \
	const struct form_anchor form_anchor __attribute__((section(".form"), used)) = { FORM_MAGIC, FORM_ADDRESS(description) }

#endif
