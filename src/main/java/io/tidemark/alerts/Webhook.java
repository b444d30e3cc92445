package io.tidemark.alerts;

import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An address that takes alerts by POST, each a JSON object with its id in a header and, with a key,
 * a signature of the body in another. Redirects are not followed: what is signed is for one
 * receiver.
 *
 * @param option that names it, for messages
 * @param id the header of a message's id
 * @param keyFile null: nothing is signed
 */
record Webhook(String option, String id, URI uri, String keyFile) implements Destination {
  static final String ID = "Tidemark-Alert-Id";
  static final String SIGNATURE = "Tidemark-Signature";

  private static final long serialVersionUID = 1;
  private static final String FORM = "give https://host/path";

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** For all of a request, connecting and the answer's body included. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** Messages don't repeat the address: a webhook's path is often its password. */
  static Webhook of(String text, String keyFile) {
    return of("--alerts", ID, text, keyFile);
  }

  static Webhook of(String option, String id, String text, String keyFile) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new AlertsException(
          option + ": not readable as an address (" + e.getReason() + "); " + FORM);
    }
    if (uri.getHost() == null || uri.getPort() > 65535 || uri.getPort() == 0) {
      throw new AlertsException(option + ": the address names no host; " + FORM);
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new AlertsException(
          option
              + ": the address may have no user and no '#'; "
              + FORM
              + (option.equals("--alerts") ? ", and --alerts-key=FILE" : ""));
    }
    return new Webhook(option, id, uri, keyFile);
  }

  @Override
  public String shown() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }

  private byte[] key() {
    if (keyFile == null) {
      return null;
    }
    Optional<byte[]> key;
    try {
      key = OutputFiles.read(keyFile);
    } catch (IOException | IllegalArgumentException e) {
      throw new AlertsException("--alerts-key=" + keyFile + ": cannot be read");
    }
    if (key.isEmpty()) {
      throw new AlertsException("--alerts-key=" + keyFile + ": no such file");
    }
    if (key.get().length == 0) {
      throw new AlertsException("--alerts-key=" + keyFile + ": the file is empty");
    }
    return key.get();
  }

  @Override
  public void checkFiles() {
    key();
  }

  @Override
  public void check() {
    checkFiles();
    try (Socket socket = new Socket()) {
      socket.connect(listener(), (int) CONNECT.toMillis());
    } catch (IOException e) {
      throw new AlertsException(
          option
              + ": nobody answers at "
              + shown()
              + " ("
              + words(e)
              + "); see that the receiver runs, or leave "
              + option
              + " out");
    }
  }

  /** The host itself, or the proxy through which Java is told to reach it. */
  private InetSocketAddress listener() {
    ProxySelector proxies = ProxySelector.getDefault();
    if (proxies != null) {
      for (Proxy proxy : proxies.select(uri)) {
        if (proxy.type() == Proxy.Type.HTTP
            && proxy.address() instanceof InetSocketAddress address) {
          return new InetSocketAddress(address.getHostString(), address.getPort());
        }
      }
    }
    int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    String host = uri.getHost();
    boolean bracketed = host.startsWith("[");
    return new InetSocketAddress(
        bracketed ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? usual : uri.getPort());
  }

  @Override
  public Sender open() {
    return open(ANSWER);
  }

  /** With another patience than the usual one. */
  Sender open(Duration patience) {
    return new Post(id, uri, key(), patience);
  }

  private static String words(Throwable e) {
    if (e instanceof HttpTimeoutException || e instanceof java.net.SocketTimeoutException) {
      return "no answer in time";
    }
    if (e instanceof java.net.UnknownHostException
        || e instanceof java.nio.channels.UnresolvedAddressException) {
      return "unknown host";
    }
    if (e instanceof ConnectException) {
      return e.getCause() instanceof java.nio.channels.UnresolvedAddressException
          ? "unknown host"
          : "connection refused";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static final class Post implements Sender {
    private static final int TOO_MANY = 429;

    private final String header;
    private final URI uri;
    private final byte[] key;
    private final Duration patience;
    private final HttpClient client;

    Post(String header, URI uri, byte[] key, Duration patience) {
      this.header = header;
      this.uri = uri;
      this.key = key;
      this.patience = patience;
      // HTTP/1.1: an offer to upgrade is more than some small receivers bear.
      this.client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
    }

    @Override
    public void send(String id, byte[] body) throws DeliveryException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(patience)
              .header("Content-Type", "application/json")
              .header("User-Agent", "tidemark")
              .header(header, id)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      if (key != null) {
        request.header(SIGNATURE, "sha256=" + hmac(body));
      }
      CompletableFuture<HttpResponse<Void>> answer =
          client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
      try {
        judge(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
      } catch (ExecutionException e) {
        throw silent(words(e.getCause()));
      } catch (TimeoutException e) {
        throw silent("no answer in time");
      } finally {
        answer.cancel(true); // of one that is still coming
      }
    }

    private static DeliveryException silent(String words) {
      return new DeliveryException(DeliveryException.Kind.SILENT, words, 0);
    }

    private static void judge(HttpResponse<Void> response) throws DeliveryException {
      int status = response.statusCode();
      if (status >= 200 && status < 300) {
        return;
      }
      boolean passing = status == TOO_MANY || status >= 500;
      throw new DeliveryException(
          passing ? DeliveryException.Kind.BUSY : DeliveryException.Kind.REFUSED,
          "answered " + status,
          response.headers().firstValue("Retry-After").map(Post::millis).orElse(0L));
    }

    /** Of seconds, or until a date; 0 where it is neither. */
    private static long millis(String retryAfter) {
      String text = retryAfter.strip();
      if (text.matches("[0-9]{1,9}")) {
        return Long.parseLong(text) * 1000;
      }
      try {
        ZonedDateTime until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
        return Math.max(0, until.toInstant().toEpochMilli() - System.currentTimeMillis());
      } catch (DateTimeParseException e) {
        return 0;
      }
    }

    private String hmac(byte[] body) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HMAC-SHA256 is in every Java platform", e);
      }
    }

    @Override
    public void close() {} // the client ends with its last reference
  }
}
