/** Classes, interfaces, virtual dispatch: three ways to sort, two orders, no generics. */
public class Sorting {
	interface Order {
		boolean before(Object a, Object b);
	}

	static class ByLength implements Order {
		public boolean before(Object a, Object b) { return ((String) a).length() < ((String) b).length(); }
	}

	static class ByText implements Order {
		public boolean before(Object a, Object b) { return ((Comparable) a).compareTo(b) < 0; }
	}

	static abstract class Sorter {
		protected int steps;
		final Order order;

		Sorter(Order order) { this.order = order; }

		abstract void sort(Object[] a);

		abstract String name();

		boolean before(Object a, Object b) {
			steps++;
			return order.before(a, b);
		}

		public String toString() { return name() + " (" + steps + " comparisons)"; }
	}

	static class Insertion extends Sorter {
		Insertion(Order order) { super(order); }

		String name() { return "insertion"; }

		void sort(Object[] a) {
			for (int i = 1; i < a.length; i++) {
				Object x = a[i];
				int j = i;
				for (; j > 0 && before(x, a[j - 1]); j--)
					a[j] = a[j - 1];
				a[j] = x;
			}
		}
	}

	static class Heap extends Sorter {
		Heap(Order order) { super(order); }

		String name() { return "heap"; }

		private void sift(Object[] a, int i, int n) {
			Object x = a[i];
			for (int child; (child = 2 * i + 1) < n; i = child) {
				if (child + 1 < n && before(a[child], a[child + 1]))
					child++;
				if (!before(x, a[child]))
					break;
				a[i] = a[child];
			}
			a[i] = x;
		}

		void sort(Object[] a) {
			for (int i = a.length / 2 - 1; i >= 0; i--)
				sift(a, i, a.length);
			for (int n = a.length - 1; n > 0; n--) {
				Object x = a[n];
				a[n] = a[0];
				a[0] = x;
				sift(a, 0, n);
			}
		}
	}

	static class Merge extends Sorter {
		Merge(Order order) { super(order); }

		String name() { return "merge"; }

		private Object[] merged(Object[] a, Object[] b) {
			Object[] to = new Object[a.length + b.length];
			for (int i = 0, j = 0; i + j < to.length;)
				if (j == b.length || (i < a.length && !before(b[j], a[i])))
					to[i + j] = a[i++];
				else
					to[i + j] = b[j++];
			return to;
		}

		private Object[] sorted(Object[] a) {
			if (a.length < 2)
				return a.clone();
			int half = a.length / 2;
			Object[] left = new Object[half], right = new Object[a.length - half];
			System.arraycopy(a, 0, left, 0, half);
			System.arraycopy(a, half, right, 0, right.length);
			return merged(sorted(left), sorted(right));
		}

		void sort(Object[] a) { System.arraycopy(sorted(a), 0, a, 0, a.length); }
	}

	static class Node implements Comparable {
		final int key;
		Node left, right;

		Node(int key) { this.key = key; }

		public int compareTo(Object o) { return key - ((Node) o).key; }

		Node with(Node n) {
			if (n.compareTo(this) < 0)
				left = left == null ? n : left.with(n);
			else
				right = right == null ? n : right.with(n);
			return this;
		}

		public String toString() { return (left == null ? "" : left + " ") + key + (right == null ? "" : " " + right); }
	}

	static void show(Object[] a) {
		for (int i = 0; i < a.length; i++)
			System.out.print((i > 0 ? " " : "") + a[i]);
		System.out.println();
	}

	public static void main(String[] args) {
		String[] words = { "trap", "and", "emulate", "is", "how", "a", "third", "generation", "machine", "was", "virtualized" };
		Order[] orders = { new ByText(), new ByLength() };
		for (Order order : orders) {
			Sorter[] sorters = { new Insertion(order), new Heap(order), new Merge(order) };
			for (Sorter sorter : sorters) {
				Object[] a = words.clone();
				sorter.sort(a);
				System.out.println(sorter);
				if (!(sorter instanceof Heap) || order instanceof ByText)
					show(a);
			}
		}
		Node root = new Node(50);
		int seed = 1974;
		for (int i = 0; i < 20; i++) {
			seed = seed * 1103515245 + 12345;
			root.with(new Node((seed >>> 16) % 100));
		}
		System.out.println(root);
	}
}
