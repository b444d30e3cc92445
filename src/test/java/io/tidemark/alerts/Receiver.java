package io.tidemark.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;

/** A webhook's other side: remembers what it got, and answers as it is told. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  private volatile ToIntFunction<Request> answer = request -> 200;
  private volatile String retryAfter;

  /**
   * What came.
   *
   * @param attempt of this id, from 1
   */
  public record Request(
      String method, String type, String id, String signature, String body, int attempt) {}

  private Receiver(HttpServer server) {
    this.server = server;
  }

  public static Receiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Receiver receiver = new Receiver(server);
    server.createContext("/hook", receiver::handle);
    server.start();
    return receiver;
  }

  /** Statuses by request. */
  public Receiver answers(ToIntFunction<Request> statuses) {
    this.answer = statuses;
    return this;
  }

  Receiver asksToWait(String header) {
    this.retryAfter = header;
    return this;
  }

  public String uri() {
    return "http://localhost:" + server.getAddress().getPort() + "/hook";
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Ids as they came, with repetitions. */
  public List<String> ids() {
    return requests().stream().map(Request::id).toList();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      String id = headers.getFirst(Webhook.ID);
      Request request =
          new Request(
              exchange.getRequestMethod(),
              headers.getFirst("Content-Type"),
              id,
              headers.getFirst(Webhook.SIGNATURE),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              1 + Collections.frequency(ids(), id));
      requests.add(request);
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      exchange.getResponseHeaders().set("Location", uri());
      exchange.sendResponseHeaders(answer.applyAsInt(request), -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
