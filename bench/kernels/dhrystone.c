/* Work in the manner of Weicker's Dhrystone: records copied and linked, small
 * procedures with arguments by value and by reference, strings copied and
 * compared, integer arithmetic, an enumeration in a switch.  Written anew; the
 * mix follows his published statistics, not his program.
 */

#include "kernel.h"

enum colour { RED, GREEN, BLUE, YELLOW, BLACK };

enum { TEXT = 31 };

struct record {
	struct record *next;
	enum colour colour, shade;
	int number;
	char text[TEXT];
};

static struct record first_record, second_record;
static struct record *glob, *next_glob;
static int total, flag;
static char initial, other;
static int row[50], grid[50][50];

static __attribute__((noinline)) void copy_text(char *to, const char *from)
{
	while ((*to++ = *from++) != 0)
		;
}

static __attribute__((noinline)) int compare_text(const char *a, const char *b)
{
	while (*a != 0 && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static __attribute__((noinline)) int same_letter(char a, char b)
{
	char copy = a;
	if (copy != b)
		return 0;
	initial = copy;
	return 1;
}

static __attribute__((noinline)) int is_yellow(enum colour colour)
{
	enum colour copy = colour;
	return copy == YELLOW;
}

static __attribute__((noinline)) void add_up(int a, int b, int *sum) { *sum = b + a + 2; }

static __attribute__((noinline)) enum colour mix(enum colour colour)
{
	enum colour result = is_yellow(colour) ? colour : BLACK;
	switch (colour) {
	case RED: return RED;
	case GREEN: return total > 100 ? RED : BLACK;
	case BLUE: return GREEN;
	case YELLOW: return result;
	case BLACK: return YELLOW;
	}
	return result;
}

static __attribute__((noinline)) void fill_arrays(int *line, int (*plane)[50], int at, int value)
{
	int here = at + 5;
	line[here] = value;
	line[here + 1] = line[here];
	line[here + 30] = here;
	for (int i = here; i <= here + 1; i++)
		plane[here][i] = here;
	plane[here][here - 1]++;
	plane[here + 20][here] = line[here];
	total = 5;
}

static __attribute__((noinline)) int differs_late(const char *a, const char *b)
{
	int at = 2;
	char letter = 'A';
	while (at <= 2) {
		if (!same_letter(a[at], b[at + 1])) {
			letter = 'A';
			at++;
		} else {
			at += 2;
		}
	}
	if (letter >= 'W' && letter < 'Z')
		at = 7;
	if (compare_text(a, b) <= 0)
		return 0;
	total = at + 7;
	return 1;
}

static __attribute__((noinline)) void last_of_list(struct record **to)
{
	if (glob)
		*to = glob->next;
	add_up(10, total, &glob->number);
}

static __attribute__((noinline)) void visit(struct record *record)
{
	struct record *next = record->next;
	*next = *glob;
	record->number = 5;
	next->number = record->number;
	next->next = record->next;
	last_of_list(&next->next);
	if (next->colour == RED) {
		next->number = 6;
		next->shade = mix(record->shade);
		next->next = glob->next;
		add_up(next->number, 10, &next->number);
	} else {
		*record = *next;
	}
}

static __attribute__((noinline)) void adjust(int *value)
{
	int here = *value + 10;
	for (;;) {
		if (initial == 'A') {
			here--;
			*value = here - total;
			return;
		}
		initial = 'A';
	}
}

static __attribute__((noinline)) int one_round(unsigned round)
{
	char a[TEXT], b[TEXT];
	int one, two, three = 0;
	flag = initial == 'A';
	other = 'B';
	one = 2;
	two = 3;
	copy_text(a, "DROSTE PROGRAM, FIRST STRING  ");
	copy_text(b, "DROSTE PROGRAM, SECOND STRING ");
	enum colour colour = GREEN;
	flag = !differs_late(a, b);
	while (one < two) {
		three = 5 * one - two;
		add_up(one, two, &three);
		one++;
	}
	fill_arrays(row, grid, one, three);
	visit(glob);
	for (char letter = 'A'; letter <= other; letter++) {
		if (colour == (enum colour)same_letter(letter, 'C')) {
			colour = mix(RED);
			copy_text(b, "DROSTE PROGRAM, THIRD STRING  ");
			two = (int)round;
			total = (int)round;
		}
	}
	two *= one;
	one = two / three;
	two = 7 * (two - three) - one;
	adjust(&one);
	return one * 1000 + two + flag;
}

int kernel(unsigned rounds)
{
	glob = &first_record;
	next_glob = &second_record;
	first_record = (struct record){ .next = next_glob, .colour = RED, .shade = BLUE, .number = 40 };
	copy_text(first_record.text, "DROSTE PROGRAM, SOME STRING   ");
	for (unsigned round = 0; round < 50 * rounds; round++) {
		initial = 'B';
		if (one_round(round) != 5014)
			return 1;
	}
	return next_glob->number != 18 || next_glob->shade != GREEN || total != 5 ||
	       compare_text(next_glob->text, first_record.text) != 0;
}
