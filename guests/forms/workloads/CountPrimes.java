import java.io.IOException;

/** primes.c in Java. */
public class CountPrimes {
	static boolean isPrime(int n) {
		for (int d = 2; d * d <= n; d++)
			if (n % d == 0)
				return false;
		return n >= 2;
	}

	static int readNumber() throws IOException {
		int n = 0;
		for (int c = System.in.read(); c >= '0' && c <= '9'; c = System.in.read())
			n = 10 * n + c - '0';
		return n;
	}

	public static void main(String[] args) throws IOException {
		int most = readNumber(), count = 0;
		for (int n = 2; n < most; n++)
			if (isPrime(n))
				count++;
		System.out.println(count + " primes below " + most);
	}
}
