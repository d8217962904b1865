/** Every instruction of the subset at least once, but for nop, swap and goto_w, which javac does not make: odd.py. */
public class Opcodes {
	interface Shape {
		int area();
	}

	static class Square implements Shape {
		byte b;
		short s;
		char c;
		long l;
		Square self;

		Square(int side) {
			b = (byte) side;
			self = this;
		}

		public int area() { return b * b; }
	}

	static long total;
	static int[] table = new int[4];
	static long[] longs = new long[4];

	static int tableswitch(int i) {
		switch (i) {
		case -1: return 10;
		case 0: return 11;
		case 2: return 12;
		default: return 13;
		}
	}

	static int lookupswitch(int i) {
		switch (i) {
		case Integer.MIN_VALUE: return 20;
		case 1000: return 21;
		case Integer.MAX_VALUE: return 22;
		default: return 23;
		}
	}

	static long many(long a, int b, long c, int d, long e) { return a + b * c - d + e; }

	static int wide() {
		int i0 = 0, i1, i2, i3, i4, i5, i6, i7, i8, i9;
		long l00, l01, l02, l03, l04, l05, l06, l07, l08, l09, l10, l11, l12, l13, l14, l15, l16, l17, l18, l19, l20, l21, l22, l23, l24, l25;
		long m00, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25;
		long n00, n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23, n24, n25;
		long o00, o01, o02, o03, o04, o05, o06, o07, o08, o09, o10, o11, o12, o13, o14, o15, o16, o17, o18, o19, o20, o21, o22, o23, o24, o25;
		long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25;
		int far = 5;
		long further = 7;
		Object furthest = "far";
		far += 1;
		far += 1000;
		i0 += 300;
		i0 += -300;
		further += far;
		return furthest.hashCode() % 100 + (int) further + i0;
	}

	static int ints(int a, int b) {
		int r = a + b;
		r = r * 31 + (a - b);
		r = r * 31 + a * b;
		r = r * 31 + a / b;
		r = r * 31 + a % b;
		r = r * 31 + -a;
		r = r * 31 + (a << b);
		r = r * 31 + (a >> b);
		r = r * 31 + (a >>> b);
		r = r * 31 + (a & b);
		r = r * 31 + (a | b);
		r = r * 31 + (a ^ b);
		r = r * 31 + ~a;
		r = r * 31 + (byte) a;
		r = r * 31 + (char) a;
		r = r * 31 + (short) a;
		r = r * 31 + (a < b ? 1 : 2) + (a <= b ? 4 : 8) + (a > b ? 16 : 32) + (a >= b ? 64 : 128) + (a == b ? 256 : 512) + (a != b ? 1024 : 2048);
		r = r * 31 + (a < 0 ? 1 : 2) + (a <= 0 ? 4 : 8) + (a > 0 ? 16 : 32) + (a >= 0 ? 64 : 128) + (a == 0 ? 256 : 512) + (a != 0 ? 1024 : 2048);
		return r;
	}

	static long longs(long a, long b) {
		long r = a + b;
		r = r * 31 + (a - b);
		r = r * 31 + a * b;
		r = r * 31 + a / b;
		r = r * 31 + a % b;
		r = r * 31 + -a;
		r = r * 31 + (a << (int) b);
		r = r * 31 + (a >> b);
		r = r * 31 + (a >>> b);
		r = r * 31 + (a & b);
		r = r * 31 + (a | b);
		r = r * 31 + (a ^ b);
		r = r * 31 + (int) a;
		r = r * 31 + (a < b ? 1 : 2) + (a <= b ? 4 : 8) + (a > b ? 16 : 32) + (a >= b ? 64 : 128) + (a == b ? 256 : 512) + (a != b ? 1024 : 2048);
		return r;
	}

	static void numbers() {
		int[] interesting = { 1, -1, 2, 7, -13, 31, 32, 33, 255, 256, -128, 65535, 65536, 1000000007, Integer.MAX_VALUE, Integer.MIN_VALUE };
		int h = 0;
		long k = 0;
		for (int a : interesting)
			for (int b : interesting) {
				h = h * 17 + ints(a, b);
				k = k * 17 + longs(a * 4294967311L, b) + longs(Long.MIN_VALUE + a, ~b | 1);
			}
		System.out.println(h + " " + k + " " + ints(0, 5) + " " + longs(Long.MIN_VALUE, -1));
	}

	/* dup and its forms, as values of assignments. */
	static void dups() {
		Square q = new Square(3);
		int i = 1, x;
		long l;
		x = q.b = 5;
		x += q.b++;
		x += ++q.s;
		l = q.l = 9;
		l += q.l++;
		l += total++;
		x += table[i] = 6;
		x += table[i]++;
		x += table[i++] += 3;
		l += longs[i] = 8;
		l += longs[i]++;
		q.c = 'y';
		q.c++;
		Object a, b;
		a = b = q.self.self = q;
		System.out.println(x + " " + l + " " + q.b + q.s + q.c + q.l + total + table[1] + longs[2] + (a == b) + (a != q));
	}

	static void arrays() {
		byte[] bytes = { 1, -1, (byte) 200 };
		boolean[] flags = new boolean[3];
		char[] chars = { 'x', '\uffff' };
		short[] shorts = { (short) 40000, 2 };
		long[][] grid = new long[3][4];
		int[][][] cube = new int[2][3][];
		String[][] names = { { "a", "b" }, {}, { "c" } };
		flags[1] = bytes[2] < 0;
		grid[2][3] = 1L << 40;
		cube[1][2] = new int[] { 4, 5 };
		System.out.println(bytes[2] + " " + flags[0] + flags[1] + " " + (int) chars[1] + " " + shorts[0] + " " + grid[2][3] + grid[0][0] + " "
			+ cube[1][2][1] + (cube[0][0] == null) + names[2][0] + names[1].length + grid[1].clone().length + (names instanceof Object[][]));
	}

	static Object kind(Object o) {
		if (o instanceof Square)
			return (Square) o;
		if (o instanceof int[])
			return "ints " + ((int[]) o).length;
		return o instanceof Shape ? "shape" : o == null ? "null" : "none";
	}

	public static void main(String[] args) {
		for (int i = -2; i < 4; i++)
			System.out.print(tableswitch(i) + " ");
		System.out.println(lookupswitch(1000) + " " + lookupswitch(1001) + " " + lookupswitch(Integer.MAX_VALUE) + " " + lookupswitch(Integer.MIN_VALUE));
		System.out.println(many(1, 2, 3, 4, 5) + " " + wide() + " " + 0L + 1L + 2L + -1 + 5 + 127 + 128 + 32767 + 32768 + 100000);
		numbers();
		dups();
		arrays();
		Shape shape = new Square(12);
		System.out.println(shape.area() + " " + (kind(shape) == shape) + kind(new int[3]) + kind("") + kind(null) + Square.class.getName());
		synchronized (shape) {
			((Square) shape).s = (short) 70000;
		}
		System.out.println(((Square) shape).s);
	}
}
