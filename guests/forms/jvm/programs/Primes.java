/** How many primes there are below 20000: the sieve of Eratosthenes. */
public class Primes {
	public static void main(String[] args) {
		int most = 20000, count = 0;
		boolean[] crossed = new boolean[most];
		for (int n = 2; n < most; n++) {
			if (crossed[n])
				continue;
			count++;
			for (int m = n + n; m < most; m += n)
				crossed[m] = true;
		}
		System.out.println(count + " primes below " + most);
	}
}
