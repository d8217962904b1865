/** Strings joined as javac does it since Java 9, by invokedynamic; nested classes without access methods. */
public class Joined {
	private int hidden = 3;

	private String secret(long n) { return "secret " + n; }

	static class Other {
		String look(Joined j) { return j.hidden + " " + j.secret(1L << 33); }
	}

	public static void main(String[] args) {
		String s = null;
		long l = -5;
		char c = 'x';
		Object o = new StringBuilder("built");
		System.out.println("a" + s + l + c + true + 7 + o + "\u00e9\u20ac" + new Other().look(new Joined()));
		s += l;
		s += 'y';
		System.out.println(s + s.length());
		byte b = 1;
		short h = -2;
		System.out.println(b + "" + h + args.length + new int[0].length);
	}
}
