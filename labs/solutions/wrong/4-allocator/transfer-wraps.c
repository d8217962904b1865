/* wrong: allocator.c
 * score: 73.57
 * message: whole and without wrap-around
 *
 * The end of a transfer is computed in 32 bits.
 */
static bool inside(uint32_t start, uint32_t n, uint32_t size) { return start + n <= size; }
