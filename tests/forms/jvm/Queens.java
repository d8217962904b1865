/** All ways to put eight queens on a board so that none attacks another; the first is shown. */
public class Queens {
	static final int N = 8;
	static int[] row = new int[N];
	static boolean[] column = new boolean[N], up = new boolean[2 * N - 1], down = new boolean[2 * N - 1];
	static int found;

	static void show() {
		for (int r = 0; r < N; r++) {
			for (int c = 0; c < N; c++)
				System.out.print(row[r] == c ? 'Q' : '.');
			System.out.println();
		}
	}

	static void place(int r) {
		if (r == N) {
			if (found++ == 0)
				show();
			return;
		}
		for (int c = 0; c < N; c++) {
			if (column[c] || up[r + c] || down[r - c + N - 1])
				continue;
			row[r] = c;
			column[c] = up[r + c] = down[r - c + N - 1] = true;
			place(r + 1);
			column[c] = up[r + c] = down[r - c + N - 1] = false;
		}
	}

	public static void main(String[] args) {
		place(0);
		System.out.println(found + " ways");
	}
}
