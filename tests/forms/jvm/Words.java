import java.io.IOException;

/** Counts the words of the input, and tells the most frequent ones. */
public class Words {
	static class Entry {
		final String word;
		int count;
		Entry next;

		Entry(String word, Entry next) {
			this.word = word;
			this.next = next;
		}
	}

	static class Table {
		private final Entry[] buckets = new Entry[64];
		int size;

		Entry get(String word) {
			int i = (word.hashCode() & 0x7fffffff) % buckets.length;
			for (Entry e = buckets[i]; e != null; e = e.next)
				if (e.word.equals(word))
					return e;
			size++;
			return buckets[i] = new Entry(word, buckets[i]);
		}

		Entry[] all() {
			Entry[] all = new Entry[size];
			int n = 0;
			for (Entry bucket : buckets)
				for (Entry e = bucket; e != null; e = e.next)
					all[n++] = e;
			return all;
		}
	}

	static boolean before(Entry a, Entry b) {
		return a.count != b.count ? a.count > b.count : a.word.compareTo(b.word) < 0;
	}

	static void sort(Entry[] a) {
		for (int i = 1; i < a.length; i++)
			for (int j = i; j > 0 && before(a[j], a[j - 1]); j--) {
				Entry e = a[j];
				a[j] = a[j - 1];
				a[j - 1] = e;
			}
	}

	public static void main(String[] args) throws IOException {
		Table table = new Table();
		StringBuilder word = new StringBuilder();
		int lines = 0, words = 0, chars = 0;
		for (int c = 0; c != -1;) {
			c = System.in.read();
			if (c != -1)
				chars++;
			if (c == '\n')
				lines++;
			if (Character.isLetter((char) c) && c != -1) {
				word.append(Character.toLowerCase((char) c));
			} else if (word.length() > 0) {
				table.get(word.toString()).count++;
				words++;
				word = new StringBuilder();
			}
		}
		System.out.println(lines + " lines, " + words + " words, " + chars + " characters, " + table.size + " different words");
		Entry[] all = table.all();
		sort(all);
		for (int i = 0; i < all.length && i < 5; i++)
			System.out.println(all[i].count + " " + all[i].word);
		System.exit(lines > 0 ? 3 : 4);
	}
}
