/** Thrown, caught, finally; by the program and by the machine itself. */
public class Exceptions {
	static class Failure extends Exception {
		final int code;

		Failure(String message, int code) {
			super(message);
			this.code = code;
		}
	}

	static class Worse extends Failure {
		Worse() { super("worse", 2); }

		public String getMessage() { return super.getMessage() + " than that"; }
	}

	static class Resource implements AutoCloseable {
		final String name;

		Resource(String name) { this.name = name; }

		public void close() { System.out.println("closed " + name); }
	}

	static class Broken {
		static int value = 10 / Exceptions.zero;

		static void touch() {}
	}

	static int zero;
	static Object nothing;

	static int depth(int n) { return depth(n + 1) + 1; }

	static int finallys(int n) {
		try {
			if (n == 0)
				return 1;
			if (n == 1)
				throw new IllegalStateException("one");
			n = 10 / (n - 2);
			return n;
		} catch (IllegalStateException e) {
			return 2;
		} finally {
			System.out.print("[finally " + n + "]");
			if (n == 5)
				return 55;
		}
	}

	static void implicit(int which) {
		int[] a = new int[3];
		Object o = "text";
		Object[] numbers = new Integer[1];
		switch (which) {
		case 0: System.out.println(1 / zero); break;
		case 1: System.out.println(1L % zero); break;
		case 2: a[3] = 1; break;
		case 3: System.out.println(a[-1]); break;
		case 4: System.out.println(((Integer) o).intValue()); break;
		case 5: a = new int[zero - 1]; break;
		case 6: System.out.println(nothing.hashCode()); break;
		case 7: System.out.println(((int[]) nothing).length); break;
		case 8: numbers[0] = o; break;
		case 9: depth(0); break;
		case 10: System.out.println("abc".charAt(3)); break;
		case 11: System.out.println("abc".substring(2, 1)); break;
		case 12: System.out.println(Integer.parseInt("12x")); break;
		case 13: throw (RuntimeException) nothing;
		case 14: nothing = new int[2][-1 + zero][0]; break;
		case 15: System.out.println((Exceptions) o); break;
		case 16: Broken.touch(); break;
		case 17: Broken.touch(); break;
		case 18: synchronized (nothing) { a[0]++; } break;
		case 19: System.arraycopy(a, 1, a, 2, 2); break;
		case 20: ((Resource) nothing).close(); break;
		case 21: { int[][] hoard = new int[1000][]; for (int i = 0; i < 1000; i++) hoard[i] = new int[4000000]; break; }
		case 22: throw new Error("own");
		case 23: throw new UnsupportedOperationException();
		case 24: throw new RuntimeException(new Failure("within", 7));
		default: throw new IllegalArgumentException("no " + which);
		}
		System.out.println("not thrown: " + which);
	}

	public static void main(String[] args) {
		for (int i = 0; i < 4; i++) {
			try {
				System.out.println(finallys(i + (i == 3 ? 1 : 0)));
			} catch (ArithmeticException e) {
				System.out.println(" caught " + e.getMessage());
			}
		}
		for (int i = 0; i <= 25; i++) {
			try {
				implicit(i);
			} catch (RuntimeException e) {
				System.out.println(i + " " + e + (e.getCause() != null ? ", by " + e.getCause() : ""));
			} catch (Error e) {
				System.out.println(i + " error " + e + (e instanceof ExceptionInInitializerError ? ", by " + e.getCause() : ""));
			}
		}
		try (Resource first = new Resource("first"); Resource second = new Resource("second")) {
			System.out.println("with " + first.name + " and " + second.name);
			throw new Worse();
		} catch (Failure e) {
			System.out.println(e + ", code " + e.code + ", of " + e.getClass().getName());
		} finally {
			System.out.println("at last");
		}
		try {
			try {
				throw new Failure("inner", 1);
			} finally {
				System.out.println("on the way");
			}
		} catch (Failure e) {
			System.out.println(e.getMessage());
		}
	}
}
