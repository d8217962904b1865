/* A compressor checked against itself: LZ77 finds what was there before, a canonical Huffman
 * code writes the rest shortly.  Texts of several kinds go through and come back;
 * their sizes and a CRC are printed.  Damaged input is refused, not believed.
 *
 * compress and expand are the two ends; between them are tokens (the LZ77 side), codes
 * (the Huffman side) and a stream of bits.
 */
// expect-output: "nothing          0 ->    11 bytes, crc 00000000 -> 6d21e2e3\n"
// expect-output: "one byte         1 ->    13 bytes, crc 8cdc1683 -> 7dad85ba\n"
// expect-output: "a verse        326 ->   221 bytes, crc b9203074 -> 6fe02d98\n"
// expect-output: "all the same  2000 ->   112 bytes, crc a8133e39 -> 5b5adb6e\n"
// expect-output: "noise         1000 ->  1112 bytes, crc 7bf7148f -> 9ecd57b8\n"
// expect-output: "prose         3008 ->   662 bytes, crc c455529d -> dfee91eb\n"
// expect-output: "a table       1840 ->   473 bytes, crc f5bb784c -> af226fa2\n"
// expect-output: "steep counts  2583 ->  1520 bytes, crc e48ba1fd -> fb3e87aa\n"
// expect-output: "damaged: 6 refused, 8 came out wrong; cut off: 8 refused\n"
// expect-output: "clock: 9 readings, each later than the one before\n"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	MOST = 8192,          /* bytes of a text */
	WINDOW = 4096,        /* how far back a match may lie */
	SHORTEST = 3,         /* a match */
	LONGEST = 34,
	LENGTHS = LONGEST - SHORTEST + 1,
	END = 256,            /* symbols: bytes, the end, then lengths of matches */
	SYMBOLS = 257 + LENGTHS,
	DISTANCE_BITS = 12,
	CODE_LONGEST = 15,    /* bits of a code */
};

static _Noreturn void fail(const char *what)
{
	printf("FAILED: %s\n", what);
	exit(1);
}

/* ---- a stream of bits --------------------------------------------------- */

struct bits {
	uint8_t bytes[2 * MOST];
	size_t n;         /* bits written */
	size_t next;      /* bits read */
};

static void put_bits(struct bits *b, uint32_t value, int width)
{
	while (width-- > 0) {
		if (b->n == 8 * sizeof(b->bytes))
			fail("the stream is full");
		if (b->n % 8 == 0)
			b->bytes[b->n / 8] = 0;
		b->bytes[b->n / 8] |= (uint8_t)((value >> width & 1) << (7 - b->n % 8));
		b->n++;
	}
}

/* Beyond the end there are zeros; expand notices by the count. */
static uint32_t get_bits(struct bits *b, int width)
{
	uint32_t value = 0;
	for (; width > 0; width--, b->next++) {
		bool one = b->next < b->n && b->bytes[b->next / 8] >> (7 - b->next % 8) & 1;
		value = value << 1 | one;
	}
	return value;
}

/* ---- codes -------------------------------------------------------------- */

/* A canonical Huffman code: the lengths say all. */
struct code {
	uint8_t length[SYMBOLS];
	uint16_t word[SYMBOLS];
	/* For reading: symbols in the order of their words, and how many of each
	 * length. */
	uint16_t ordered[SYMBOLS];
	uint16_t of_length[CODE_LONGEST + 1];
};

/* Words in the order of length, then symbol.  False if the lengths promise more
 * words than there are. */
static bool assign_words(struct code *c)
{
	uint32_t word = 0, n = 0;
	memset(c->of_length, 0, sizeof(c->of_length));
	for (int length = 1; length <= CODE_LONGEST; length++, word <<= 1)
		for (int s = 0; s < SYMBOLS; s++) {
			if (c->length[s] != length)
				continue;
			if (word >> length)
				return false;
			c->word[s] = (uint16_t)word++;
			c->ordered[n++] = (uint16_t)s;
			c->of_length[length]++;
		}
	return true;
}

struct node {
	uint32_t count;
	int parent;
};

/* Takes the rarest out of the n nodes that live names; the first of equals. */
static int take_rarest(const struct node *nodes, int *live, int n)
{
	int best = 0;
	for (int i = 1; i < n; i++)
		if (nodes[live[i]].count < nodes[live[best]].count)
			best = i;
	int rarest = live[best];
	live[best] = live[n - 1];
	return rarest;
}

static int depth(const struct node *nodes, int i)
{
	int n = 0;
	for (; nodes[i].parent >= 0; i = nodes[i].parent)
		n++;
	return n;
}

/* Huffman's tree over the counts, the two rarest joined first.  False if some word
 * would be too long. */
static bool build_tree(struct code *c, const uint32_t *counts)
{
	static struct node nodes[2 * SYMBOLS];
	static int live[SYMBOLS];
	int n = 0, next = SYMBOLS;
	for (int s = 0; s < SYMBOLS; s++) {
		nodes[s] = (struct node){ counts[s], -1 };
		if (counts[s] > 0)
			live[n++] = s;
	}
	for (; n > 1; next++) {
		int a = take_rarest(nodes, live, n--);
		int b = take_rarest(nodes, live, n--);
		nodes[a].parent = nodes[b].parent = next;
		nodes[next] = (struct node){ nodes[a].count + nodes[b].count, -1 };
		live[n++] = next;
	}
	for (int s = 0; s < SYMBOLS; s++) {
		int length = counts[s] > 0 ? depth(nodes, s) : 0;
		if (length > CODE_LONGEST)
			return false;
		c->length[s] = (uint8_t)(counts[s] > 0 && length == 0 ? 1 : length);
	}
	return true;
}

/* Too long a word: the counts are made more alike until there is none. */
static void build_code(struct code *c, uint32_t *counts)
{
	while (!build_tree(c, counts))
		for (int s = 0; s < SYMBOLS; s++)
			if (counts[s] > 0)
				counts[s] = counts[s] / 2 + 1;
	assign_words(c);
}

/* Lengths as 4 bits each; a 0 is followed by how many more there are, less one, in
 * 5 bits. */
static void put_code(struct bits *b, const struct code *c)
{
	for (int s = 0; s < SYMBOLS;) {
		put_bits(b, c->length[s], 4);
		if (c->length[s++] > 0)
			continue;
		int more = 0;
		while (more < 31 && s < SYMBOLS && c->length[s] == 0)
			more++, s++;
		put_bits(b, (uint32_t)more, 5);
	}
}

static bool get_code(struct bits *b, struct code *c)
{
	memset(c, 0, sizeof(*c));
	for (int s = 0; s < SYMBOLS;) {
		c->length[s] = (uint8_t)get_bits(b, 4);
		if (c->length[s++] == 0)
			s += (int)get_bits(b, 5);
		if (s > SYMBOLS)
			return false;
	}
	return assign_words(c);
}

/* The next symbol, or -1 if no word is there. */
static int get_symbol(struct bits *b, const struct code *c)
{
	uint32_t word = 0, first = 0, before = 0;
	for (int length = 1; length <= CODE_LONGEST; length++) {
		word = word << 1 | get_bits(b, 1);
		if (word - first < c->of_length[length])
			return c->ordered[before + word - first];
		before += c->of_length[length];
		first = (first + c->of_length[length]) << 1;
	}
	return -1;
}

/* ---- tokens ------------------------------------------------------------- */

/* A byte, the end, or a match: what lies distance back, length bytes of it. */
struct token {
	uint16_t symbol, distance;
};

static int length_of(uint32_t symbol) { return (int)symbol - END - 1 + SHORTEST; }

enum { HASHES = 1024, CHAIN = 16 };

/* Where three bytes were seen last, and before that. */
struct past {
	int last[HASHES];
	int earlier[MOST];
};

static uint32_t hash(const uint8_t *t) { return (t[0] * 289u ^ t[1] * 17u ^ t[2]) % HASHES; }

static void remember(struct past *past, const uint8_t *text, int at, int n)
{
	if (at + SHORTEST > n)
		return;
	uint32_t h = hash(text + at);
	past->earlier[at] = past->last[h];
	past->last[h] = at;
}

static int match_length(const uint8_t *text, int a, int b, int n)
{
	int length = 0;
	while (length < LONGEST && b + length < n && text[a + length] == text[b + length])
		length++;
	return length;
}

/* The longest match for what is at a place; its length, or 0. */
static int find_match(const struct past *past, const uint8_t *text, int at, int n, int *distance)
{
	int best = 0, tries = CHAIN;
	if (at + SHORTEST > n)
		return 0;
	for (int a = past->last[hash(text + at)]; a >= 0 && at - a <= WINDOW && tries-- > 0 && best < LONGEST;
	     a = past->earlier[a]) {
		int length = match_length(text, a, at, n);
		if (length > best) {
			best = length;
			*distance = at - a;
		}
	}
	return best >= SHORTEST ? best : 0;
}

static int tokenize(const uint8_t *text, int n, struct token *tokens)
{
	static struct past past;
	int count = 0;
	for (int i = 0; i < HASHES; i++)
		past.last[i] = -1;
	for (int at = 0; at < n;) {
		int distance = 0, length = find_match(&past, text, at, n, &distance);
		tokens[count++] = length > 0
			? (struct token){ (uint16_t)(END + 1 + length - SHORTEST), (uint16_t)distance }
			: (struct token){ text[at], 0 };
		for (int i = length > 0 ? length : 1; i > 0; i--)
			remember(&past, text, at++, n);
	}
	tokens[count++] = (struct token){ END, 0 };
	return count;
}

/* ---- the two ends ------------------------------------------------------- */

static void compress(const uint8_t *text, int n, struct bits *b)
{
	static struct token tokens[MOST + 1];
	static struct code code;
	uint32_t counts[SYMBOLS] = { 0 };
	int count = tokenize(text, n, tokens);
	for (int i = 0; i < count; i++)
		counts[tokens[i].symbol]++;
	build_code(&code, counts);
	b->n = b->next = 0;
	put_code(b, &code);
	for (int i = 0; i < count; i++) {
		uint32_t s = tokens[i].symbol;
		put_bits(b, code.word[s], code.length[s]);
		if (s > END)
			put_bits(b, tokens[i].distance - 1u, DISTANCE_BITS);
	}
}

/* Bytes that came out, or -1 if the stream is damaged. */
static int expand(struct bits *b, uint8_t *text)
{
	static struct code code;
	int n = 0;
	b->next = 0;
	if (!get_code(b, &code))
		return -1;
	for (int s; (s = get_symbol(b, &code)) != END;) {
		if (s < 0 || b->next > b->n)
			return -1;
		int length = s < END ? 1 : length_of((uint32_t)s);
		int distance = s < END ? 0 : (int)get_bits(b, DISTANCE_BITS) + 1;
		if (n + length > MOST || distance > n)
			return -1;
		if (s < END)
			text[n++] = (uint8_t)s;
		for (; distance > 0 && length > 0; length--, n++)
			text[n] = text[n - distance];
	}
	return b->next <= b->n ? n : -1;
}

/* ---- texts -------------------------------------------------------------- */

/* W. B. Yeats, The Second Coming, 1920 (public domain). */
static const char verse[] =
	"Turning and turning in the widening gyre\n"
	"The falcon cannot hear the falconer;\n"
	"Things fall apart; the centre cannot hold;\n"
	"Mere anarchy is loosed upon the world,\n"
	"The blood-dimmed tide is loosed, and everywhere\n"
	"The ceremony of innocence is drowned;\n"
	"The best lack all conviction, while the worst\n"
	"Are full of passionate intensity.\n";

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 16) % n;
}

static int make_verse(uint8_t *text) { return (int)strlen(strcpy((char *)text, verse)); }
static int make_nothing(uint8_t *text) { return (void)text, 0; }

static int make_byte(uint8_t *text)
{
	text[0] = 'x';
	return 1;
}

static int make_same(uint8_t *text)
{
	memset(text, 'a', 2000);
	return 2000;
}

static int make_noise(uint8_t *text)
{
	for (int i = 0; i < 1000; i++)
		text[i] = (uint8_t)random_below(256);
	return 1000;
}

/* Sentences of few words. */
static int make_prose(uint8_t *text)
{
	static const char *const words[] = {
		"the", "monitor", "machine", "virtual", "trap", "instruction", "is", "of", "and", "privileged", "runs",
	};
	int n = 0;
	while (n < 3000) {
		const char *word = words[random_below(11)];
		n += sprintf((char *)text + n, "%s%s", word, random_below(9) ? " " : ".\n");
	}
	return n;
}

/* A table of numbers, as programs print them. */
static int make_table(uint8_t *text)
{
	int n = 0;
	for (int i = 1; i <= 80; i++)
		n += sprintf((char *)text + n, "%4d squared is %6d\n", i, i * i);
	return n;
}

/* Counts like Fibonacci's numbers make the longest codes. */
static int make_steep(uint8_t *text)
{
	int n = 0;
	for (int s = 0, a = 1, b = 1; n + a < 3000; s++) {
		for (int i = 0; i < a; i++)
			text[n++] = (uint8_t)(s * 37 + (i & 1) * 128);
		int c = a + b;
		a = b;
		b = c;
	}
	for (int i = n - 1; i > 0; i--) {
		int j = (int)random_below((uint32_t)i + 1);
		uint8_t t = text[i];
		text[i] = text[j];
		text[j] = t;
	}
	return n;
}

static const struct sample {
	const char *name;
	int (*make)(uint8_t *text);
} samples[] = {
	{ "nothing", make_nothing }, { "one byte", make_byte }, { "a verse", make_verse },
	{ "all the same", make_same }, { "noise", make_noise }, { "prose", make_prose },
	{ "a table", make_table }, { "steep counts", make_steep },
};

/* ---- trying it ---------------------------------------------------------- */

static uint32_t crc(const uint8_t *bytes, size_t n)
{
	uint32_t c = 0xFFFFFFFF;
	while (n-- > 0) {
		c ^= *bytes++;
		for (int i = 0; i < 8; i++)
			c = c >> 1 ^ (c & 1 ? 0xEDB88320 : 0);
	}
	return ~c;
}

static uint8_t text[MOST + 64], again[MOST];
static struct bits stream;

static void try(const struct sample *s)
{
	int n = s->make(text);
	compress(text, n, &stream);
	size_t bytes = (stream.n + 7) / 8;
	if (expand(&stream, again) != n || memcmp(text, again, (size_t)n) != 0)
		fail(s->name);
	printf("%-12s %5d -> %5u bytes, crc %08lx -> %08lx\n", s->name, n, (unsigned)bytes,
	       (unsigned long)crc(text, (size_t)n), (unsigned long)crc(stream.bytes, bytes));
}

/* Cut off, or with a bit turned, a stream may come out wrong, but expand returns, and
 * most are noticed. */
static void try_damaged(void)
{
	int n = make_verse(text), refused = 0, wrong = 0, cut = 0;
	compress(text, n, &stream);
	size_t whole = stream.n;
	for (size_t bit = 0; bit < whole; bit += 131) {
		stream.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		int got = expand(&stream, again);
		refused += got < 0;
		wrong += got >= 0 && (got != n || memcmp(text, again, (size_t)n) != 0);
		stream.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
	for (stream.n = 0; stream.n < whole; stream.n += 251)
		cut += expand(&stream, again) < 0;
	printf("damaged: %d refused, %d came out wrong; cut off: %d refused\n", refused, wrong, cut);
}

int main(void)
{
	clock_t before = clock();
	int readings = 1;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		try(&samples[i]);
		clock_t now = clock();
		if (now <= before)
			fail("the clock stands still");
		before = now;
		readings++;
	}
	try_damaged();
	printf("clock: %d readings, each later than the one before\n", readings);
	return 0;
}
