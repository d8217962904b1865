/** Makes far more objects than there is room for, and keeps some: the collector must find the rest. */
public class Garbage {
	static class Tree {
		final Tree left, right;
		final long[] ballast = new long[4];

		Tree(int depth) {
			left = depth > 0 ? new Tree(depth - 1) : null;
			right = depth > 0 ? new Tree(depth - 1) : null;
			ballast[3] = depth;
		}

		int count() { return 1 + (left == null ? 0 : left.count()) + (right == null ? 0 : right.count()); }

		long sum() { return ballast[3] + (left == null ? 0 : left.sum()) + (right == null ? 0 : right.sum()); }
	}

	static class Link {
		final Link next;
		final int[] data;

		Link(Link next, int n) {
			this.next = next;
			data = new int[n];
			data[n - 1] = n;
		}
	}

	static Tree kept;
	static final String[] names = new String[50];

	public static void main(String[] args) {
		kept = new Tree(9);
		Link list = null;
		for (int i = 0; i < 3000; i++)
			list = new Link(list, 1 + i % 7);
		int trees = 0;
		for (int i = 0; i < 20; i++) {
			trees += new Tree(8).count();
			names[i % 50] = "name " + i;
		}
		int links = 0, sum = 0;
		for (Link l = list; l != null; l = l.next) {
			links++;
			sum += l.data[l.data.length - 1];
		}
		System.out.println(trees + " nodes passed by; kept: " + kept.count() + " nodes that sum up to " + kept.sum());
		System.out.println(links + " links that sum up to " + sum + "; " + names[0] + ", " + names[19]);
	}
}
