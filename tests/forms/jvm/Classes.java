/** Which method is called, and in which order classes begin. */
public class Classes {
	static StringBuilder log = new StringBuilder();

	static int note(String what, int value) {
		log.append(what).append(' ');
		return value;
	}

	static class Base {
		static int made = note("Base", 0);
		int x = note("x", 1);

		Base() {
			made++;
			begin();
		}

		void begin() { log.append("begin "); }

		String name() { return "base"; }
	}

	static class Derived extends Base {
		static final int KNOWN = 7;
		static final Integer BOXED = note("Derived", 8);
		int y = 5;

		void begin() { log.append("y=" + y + " "); }

		String name() { return "derived of " + super.name(); }

		/* The same method named in three ways, two of them with the same constant. */
		String names(Base other) { return super.name() + ", " + other.name() + ", " + this.name(); }
	}

	interface Left {
		default String hello() { return "left"; }
	}

	interface Right extends Left {
		int NUMBER = note("Right", 3);

		default String hello() { return "right of " + Left.super.hello(); }
	}

	static class Both implements Left, Right {}

	enum Operation {
		PLUS {
			int apply(int a, int b) { return a + b; }
		},
		TIMES {
			int apply(int a, int b) { return a * b; }
		};

		abstract int apply(int a, int b);
	}

	static class Outer {
		private int v = 1;

		class Inner {
			private int w = v + 1;

			class Innermost {
				int sum() { return v++ + w; }
			}
		}
	}

	interface Source<T> {
		T next();
	}

	static Source<Integer> counter(final int from) {
		return new Source<Integer>() {
			private int n = from;

			public Integer next() { return n++; }
		};
	}

	/* Begins with a class that takes code from it; the one below it does not, and begins when its field is read. */
	interface Below {
		int B = note("Below", 10);
	}

	interface Lends extends Below {
		int L = note("Lends", 11);

		default int lent() { return 1; }
	}

	static class Borrows implements Lends {
		static int made = note("Borrows", 12);
	}

	interface Says {
		default String what() { return "said"; }
	}

	static class Keeps {
		private String what() { return "kept"; }

		String tell() { return what(); }
	}

	static class KeepsAndSays extends Keeps implements Says {
	}

	static <T extends Comparable<T>> T largest(T[] all) {
		T most = all[0];
		for (T one : all)
			if (one.compareTo(most) > 0)
				most = one;
		return most;
	}

	public static void main(String[] args) {
		System.out.println(Derived.KNOWN + " " + log);
		Base b = new Derived();
		System.out.println(b.name() + "; " + ((Derived) b).names(new Base()) + "; " + ((Derived) b).names(b));
		System.out.println(log.toString() + Base.made + Derived.BOXED);
		System.out.println(new Both().hello() + " " + Right.NUMBER);
		for (Operation o : Operation.values())
			System.out.print(o + " " + o.apply(3, 4) + " " + o.getDeclaringClass().getSimpleName() + "; ");
		Outer.Inner.Innermost innermost = new Outer().new Inner().new Innermost();
		System.out.println(innermost.sum() + " " + innermost.sum());
		Source<Integer> s = counter(127);
		System.out.println((s.next() == Integer.valueOf(127)) + " " + s.next() + s.next());
		System.out.println(largest(new Integer[] { 3, 9, 2 }) + largest(new String[] { "x", "yy", "y" }) + largest(new Character[] { 'q', 'b' }));
		Object[] kinds = { new int[1], new String[1], "text", 'c', 1L, null, b };
		for (Object o : kinds)
			System.out.print((o instanceof Object[]) + " " + (o instanceof Comparable) + " " + (o instanceof Number) + " " + (o instanceof Cloneable) + "; ");
		System.out.println();
		log.setLength(0);
		int all = new Borrows().lent() + Borrows.made;
		System.out.println(log.toString() + Below.B + " " + log + all);
		System.out.println(((Says) new KeepsAndSays()).what() + " " + new KeepsAndSays().tell());
		class Local {
		}
		System.out.println("'" + s.getClass().getSimpleName() + "' '" + new Local[0][0].getClass().getSimpleName() + "'");
	}
}
