/* Conway's game of life: patterns from their run-length codes, thirty-two cells at a time,
 * drawn as text.  What the patterns are known for is checked: how a glider moves, how long
 * an oscillator takes, what a gun fires.
 *
 * The plane is a torus of ROWS by COLUMNS cells, large enough that nothing here comes
 * round it.
 */
// expect-output: "blinker: period 2\n"
// expect-output: "toad: period 2\n"
// expect-output: "pulsar: period 3\n"
// expect-output: "pentadecathlon: period 15\n"
// expect-output: "glider: +1 rows, +1 columns in 4 generations\n"
// expect-output: "lightweight spaceship: +0 rows, -2 columns in 4 generations\n"
// expect-output: "Gosper's gun, 36 cells:\n"
// expect-output: "  ..........................O\n"
// expect-output: "  ........................O.O\n"
// expect-output: "  ..............OO......OO............OO\n"
// expect-output: "  .............O...O....OO............OO\n"
// expect-output: "  ..OO........O.....O...OO\n"
// expect-output: "  ..OO........O...O.OO....O.O\n"
// expect-output: "  ............O.....O.......O\n"
// expect-output: "  .............O...O\n"
// expect-output: "  ..............OO\n"
// expect-output: "and after 90 generations:\n"
// expect-output: "  ..........................O\n"
// expect-output: "  ........................O.O\n"
// expect-output: "  ..............OO......OO............OO\n"
// expect-output: "  .............O...O....OO............OO\n"
// expect-output: "  ..OO........O.....O...OO\n"
// expect-output: "  ..OO........O...O.OO....O.O\n"
// expect-output: "  ............O.....O.......O\n"
// expect-output: "  .............O...O\n"
// expect-output: "  ..............OO\n"
// expect-output: "  .........................O\n"
// expect-output: "  ..........................OO\n"
// expect-output: "  .........................OO\n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  ................................O.O\n"
// expect-output: "  .................................OO\n"
// expect-output: "  .................................O\n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  \n"
// expect-output: "  ........................................O\n"
// expect-output: "  .........................................OO\n"
// expect-output: "  ........................................OO\n"
// expect-output: "Gosper's gun: a glider every 30 generations\n"
// expect-output: "eater: survives a glider\n"
// expect-output: "R-pentomino: 5 11 32 27 33 64\n"
// expect-output: "acorn: 7 30 32 57 96 96\n"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 40, WORDS = 3, BITS = 32, COLUMNS = WORDS * BITS };

struct plane {
	uint32_t row[ROWS][WORDS]; /* bit 0 of word 0 is the leftmost cell */
};

/* ---- cells -------------------------------------------------------------- */

static bool alive(const struct plane *p, int row, int column)
{
	return p->row[row][column / BITS] >> column % BITS & 1;
}

static void set(struct plane *p, int row, int column)
{
	p->row[row % ROWS][column % COLUMNS / BITS] |= UINT32_C(1) << column % BITS;
}

static int ones(uint32_t word)
{
	int n = 0;
	for (; word; word &= word - 1)
		n++;
	return n;
}

static int population(const struct plane *p)
{
	int n = 0;
	for (int row = 0; row < ROWS; row++)
		for (int w = 0; w < WORDS; w++)
			n += ones(p->row[row][w]);
	return n;
}

static bool same(const struct plane *a, const struct plane *b) { return memcmp(a, b, sizeof(*a)) == 0; }

/* ---- generations -------------------------------------------------------- */

/* The cells to the left (or right) of those in word w of a row. */
static uint32_t to_left(const uint32_t *row, int w)
{
	return row[w] << 1 | row[(w + WORDS - 1) % WORDS] >> (BITS - 1);
}

static uint32_t to_right(const uint32_t *row, int w)
{
	return row[w] >> 1 | row[(w + 1) % WORDS] << (BITS - 1);
}

/* A count of neighbours for each of 32 cells, bit-sliced: 1s, 2s, and whether it is 4
 * or more. */
struct counts {
	uint32_t ones, twos, many;
};

static void count(struct counts *c, uint32_t cells)
{
	uint32_t carry = c->ones & cells;
	c->ones ^= cells;
	c->many |= c->twos & carry;
	c->twos ^= carry;
}

static void count_row(struct counts *c, const uint32_t *row, int w)
{
	count(c, to_left(row, w));
	count(c, row[w]);
	count(c, to_right(row, w));
}

/* A cell lives on 2 or 3 neighbours, and is born on 3. */
static void step(struct plane *p)
{
	struct plane next;
	for (int i = 0; i < ROWS; i++)
		for (int w = 0; w < WORDS; w++) {
			const uint32_t *row = p->row[i];
			struct counts c = { 0, 0, 0 };
			count_row(&c, p->row[(i + ROWS - 1) % ROWS], w);
			count_row(&c, p->row[(i + 1) % ROWS], w);
			count(&c, to_left(row, w));
			count(&c, to_right(row, w));
			next.row[i][w] = c.twos & ~c.many & (c.ones | row[w]);
		}
	*p = next;
}

static void steps(struct plane *p, int n)
{
	while (n-- > 0)
		step(p);
}

/* ---- patterns ----------------------------------------------------------- */

struct pattern {
	const char *name;
	const char *code; /* RLE: b dead, o alive, $ end of row, ! end; numbers repeat */
};

enum { BLINKER, TOAD, PULSAR, PENTADECATHLON, GLIDER, SPACESHIP, GUN, EATER, R_PENTOMINO, ACORN };

static const struct pattern patterns[] = {
	[BLINKER] = { "blinker", "3o!" },
	[TOAD] = { "toad", "b3o$3o!" },
	[PULSAR] = { "pulsar", "2b3o3b3o2$o4bobo4bo$o4bobo4bo$o4bobo4bo$2b3o3b3o2$"
	                       "2b3o3b3o$o4bobo4bo$o4bobo4bo$o4bobo4bo2$2b3o3b3o!" },
	[PENTADECATHLON] = { "pentadecathlon", "2bo4bo$2ob4ob2o$2bo4bo!" },
	[GLIDER] = { "glider", "bo$2bo$3o!" },
	[SPACESHIP] = { "lightweight spaceship", "bo2bo$o$o3bo$4o!" },
	[GUN] = { "Gosper's gun", "24bo$22bobo$12b2o6b2o12b2o$11bo3bo4b2o12b2o$2o8bo5bo3b2o$"
	                          "2o8bo3bob2o4bobo$10bo5bo7bo$11bo3bo$12b2o!" },
	[EATER] = { "eater", "2o$obo$2bo$2b2o!" },
	[R_PENTOMINO] = { "R-pentomino", "b2o$2o$bo!" },
	[ACORN] = { "acorn", "bo$3bo$2o2b3o!" },
};

static void place(struct plane *p, int pattern, int row, int column)
{
	int at = column, repeat = 0;
	for (const char *c = patterns[pattern].code; *c != '!'; c++) {
		if (*c >= '0' && *c <= '9') {
			repeat = 10 * repeat + *c - '0';
			continue;
		}
		for (int i = repeat > 0 ? repeat : 1; i > 0; i--)
			if (*c == '$')
				row++, at = column;
			else if (*c == 'o')
				set(p, row, at++);
			else
				at++;
		repeat = 0;
	}
}

/* The plane with one pattern in it. */
static struct plane with(int pattern, int row, int column)
{
	struct plane p = { 0 };
	place(&p, pattern, row, column);
	return p;
}

/* ---- drawing ------------------------------------------------------------ */

static bool empty(const struct plane *p, int row)
{
	return (p->row[row][0] | p->row[row][1] | p->row[row][2]) == 0;
}

/* The rows from the first with a living cell to the last. */
static void draw(const struct plane *p)
{
	int first = 0, last = ROWS - 1;
	while (first < last && empty(p, first))
		first++;
	while (last > first && empty(p, last))
		last--;
	for (int row = first; row <= last; row++) {
		char line[COLUMNS + 1];
		int n = 0;
		for (int column = 0; column < COLUMNS; column++) {
			line[column] = alive(p, row, column) ? 'O' : '.';
			if (line[column] == 'O')
				n = column + 1;
		}
		printf("  %.*s\n", n, line);
	}
}

/* ---- what is known ------------------------------------------------------ */

static int failures;

static void verdict(bool holds, const char *name, const char *what)
{
	printf("%s: %s%s\n", name, holds ? "" : "NOT ", what);
	failures += !holds;
}

static void test_period(int pattern, int period)
{
	struct plane start = with(pattern, 15, 20), p = start;
	int n = 0;
	do {
		step(&p);
		n++;
	} while (!same(&p, &start) && n < 100);
	char what[40];
	snprintf(what, sizeof(what), "period %d", n);
	verdict(n == period, patterns[pattern].name, what);
}

/* Every so many generations it is the same, elsewhere. */
static void test_travel(int pattern, int generations, int rows, int columns)
{
	struct plane p = with(pattern, 10, 20), there = with(pattern, 10 + 3 * rows, 20 + 3 * columns);
	steps(&p, 3 * generations);
	char what[60];
	snprintf(what, sizeof(what), "%+d rows, %+d columns in %d generations", rows, columns, generations);
	verdict(same(&p, &there), patterns[pattern].name, what);
}

/* A glider of five cells every thirty generations. */
static void test_gun(void)
{
	struct plane p = with(GUN, 1, 2);
	printf("%s, %d cells:\n", patterns[GUN].name, population(&p));
	draw(&p);
	bool steady = true;
	for (int shots = 1; shots <= 3; shots++) {
		steps(&p, 30);
		steady &= population(&p) == 36 + 5 * shots;
	}
	printf("and after 90 generations:\n");
	draw(&p);
	verdict(steady, patterns[GUN].name, "a glider every 30 generations");
}

/* A glider that meets an eater is gone; the eater is as before. */
static void test_eater(void)
{
	struct plane eater = with(EATER, 20, 30), p = eater;
	place(&p, GLIDER, 10, 20);
	bool met = false;
	for (int i = 0; i < 60 && !met; i++) {
		step(&p);
		met = same(&p, &eater);
	}
	verdict(met, patterns[EATER].name, "survives a glider");
}

/* Small beginnings that take long: their first generations. */
static void test_growth(int pattern, int generations)
{
	struct plane p = with(pattern, 20, 45);
	printf("%s:", patterns[pattern].name);
	for (int i = 0; i <= generations; i++) {
		if (i % 10 == 0)
			printf(" %d", population(&p));
		step(&p);
	}
	printf("\n");
}

int main(void)
{
	test_period(BLINKER, 2);
	test_period(TOAD, 2);
	test_period(PULSAR, 3);
	test_period(PENTADECATHLON, 15);
	test_travel(GLIDER, 4, 1, 1);
	test_travel(SPACESHIP, 4, 0, -2);
	test_gun();
	test_eater();
	test_growth(R_PENTOMINO, 50);
	test_growth(ACORN, 50);
	return failures != 0;
}
