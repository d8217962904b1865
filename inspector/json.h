/* Numbers of the machine as JSON.  Called by whoever makes documents. */
#ifndef DROSTE_JSON_H
#define DROSTE_JSON_H

#include <jansson.h>
#include <stdint.h>

/* JSON's integers are signed; what droste counts stays below 2^63. */
static inline json_t *json_number(uint64_t n) { return json_integer((json_int_t)n); }

#endif
