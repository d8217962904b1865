/** An exception that nobody catches, with its cause. */
public class Uncaught {
	static class Trouble extends RuntimeException {
		Trouble(String message, Throwable cause) { super(message, cause); }
	}

	static void inner(int[] a, int i) {
		System.out.println("a[" + i + "]");
		a[i] = 7;
	}

	static void outer(int i) {
		try {
			inner(new int[3], i);
		} catch (ArrayIndexOutOfBoundsException e) {
			throw new Trouble("with " + i, e);
		}
	}

	public static void main(String[] args) {
		for (int i = 1;; i++)
			outer(i);
	}
}
