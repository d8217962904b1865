/** What strings and their builders do. */
public class Strings {
	enum Colour {
		RED, GREEN, BLUE;

		Colour next() { return values()[(ordinal() + 1) % values().length]; }
	}

	static String joined(Object[] parts, String by) {
		StringBuilder b = new StringBuilder();
		for (Object part : parts) {
			if (b.length() > 0)
				b.append(by);
			b.append(part);
		}
		return b.toString();
	}

	static boolean isPalindrome(String s) {
		return new StringBuilder(s).reverse().toString().equals(s);
	}

	static String which(String s) {
		switch (s) {
		case "one": return "1";
		case "Aa": return "first of the same hash";
		case "BB": return "second of the same hash";
		default: return "another";
		}
	}

	public static void main(String[] args) {
		String s = "Droste", t = "Dro" + "ste";
		char[] letters = { 'a', 'b', 'c' };
		System.out.println(s.length() + " " + s.charAt(2) + " " + (s == t) + " " + s.equals(new String("Droste")) + " " + s.hashCode());
		System.out.println("z" + 1 + 'c' + true + 12345678901L + null + letters.length + -7 + new String(letters));
		System.out.println(s.substring(3) + s.substring(0, 3) + "|" + "  trimmed\t".trim() + "|" + s.toUpperCase() + s.toLowerCase());
		System.out.println(s.indexOf('o') + " " + s.indexOf("ste") + " " + s.indexOf("x") + " " + s.contains("ros") + s.startsWith("Dro") + s.endsWith("ste"));
		System.out.println("a".compareTo("b") + " " + "abc".compareTo("ab") + " " + "x".compareTo("x") + " " + "ABC".equalsIgnoreCase("abc"));
		System.out.println(joined(new Object[] { "one", 2, 3L, '4', true, null, Colour.GREEN }, ", "));
		System.out.println(isPalindrome("abba") + " " + isPalindrome("abbot") + " " + which("one") + ", " + which("Aa") + ", " + which("BB") + ", " + which(""));
		StringBuilder b = new StringBuilder();
		for (int i = 0; i < 5; i++)
			b.append(i).append(',');
		b.setLength(b.length() - 1);
		b.insert(0, "[").append(']').setCharAt(1, 'Z');
		b.deleteCharAt(2);
		System.out.println(b);
		System.out.println(Integer.parseInt("-2147483648") + " " + Integer.toString(255) + " " + Integer.toHexString(-256) + " " + Long.parseLong("9223372036854775807"));
		System.out.println(String.valueOf(3) + String.valueOf('x') + String.valueOf(false) + String.valueOf(letters) + String.valueOf((Object) null));
		System.out.println("gr\u00fc\u00dfe \u20ac \ud83d\ude00 tab\tquote\"");
		System.out.println(Math.max(3, -4) + " " + Math.min(3L, -4L) + " " + Math.abs(-9) + " " + Math.floorMod(-7, 3) + " " + Math.floorDiv(-7, 3));
		for (Colour c : Colour.values()) {
			switch (c) {
			case RED: System.out.print("stop "); break;
			case GREEN: System.out.print("go "); break;
			default: System.out.print(c + " " + c.ordinal() + " ");
			}
			System.out.print(c.next() + "; ");
		}
		System.out.println(Colour.valueOf("BLUE") + " " + Colour.RED.compareTo(Colour.BLUE));
		try {
			Colour.valueOf("PINK");
		} catch (IllegalArgumentException e) {
			System.out.println(e.getMessage());
		}
		Integer boxed = 1000;
		int sum = boxed + Integer.valueOf(24);
		System.out.println(sum + " " + boxed.equals(1000) + " " + boxed.compareTo(7) + " " + Character.isDigit('7') + Character.isLetter('7'));
		System.out.print(letters);
		System.out.print('\n');
		System.out.println(letters);
		System.out.println(new int[0].getClass().getName() + " " + new String[0][0].getClass().getSimpleName() + " " + Colour.RED.getClass());
		for (char c : "abc".toCharArray())
			System.out.print((char) (c + 1));
		System.out.println();
		try {
			new StringBuilder("ab").charAt(2);
		} catch (IndexOutOfBoundsException e) {
			System.out.println(e.getMessage());
		}
	}
}
