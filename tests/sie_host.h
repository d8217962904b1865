/* A host of a random guest, by SIE: a small program that runs it, again and again, goes on
 * behind what is intercepted, has a timer and attentions of its own, and hashes what it is
 * told.  Itself a guest as good as any, for monitors on machines with SIE.
 */
#ifndef DROSTE_TESTS_SIE_HOST_H
#define DROSTE_TESTS_SIE_HOST_H

#include "properties/guest_set.h"

/* In the place of the guest, which is freed.  False if out of memory. */
bool sie_host(struct guest *guest, uint64_t seed);

#endif
