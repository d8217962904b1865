/** Stores outside of an array, on and on: hostile.pas in Java. */
public class OutOfBounds {
	public static void main(String[] args) {
		int[] a = new int[8];
		for (int i = 1; ; i *= 2)
			a[i] = -1;
	}
}
