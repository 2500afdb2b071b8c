import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a server as programs in Java do: with the defaults of the client, which wish for HTTP/2. */
public class Ask {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String server = arguments[0];
        String query = "/sparql?query=ASK%7B%7D";
        tell("get", request(server + query).GET().build());
        tell("get of another page", request(server + "/ready").GET().build());
        tell("head", request(server + query).method("HEAD", BodyPublishers.noBody()).build());
        tell("post", post(server, BodyPublishers.ofString("ASK {}")));
        tell("post again", post(server, BodyPublishers.ofString("ASK {}")));
        byte[] bytes = "ASK {}".getBytes();
        BodyPublisher chunks = BodyPublishers.ofInputStream(
            () -> new java.io.ByteArrayInputStream(bytes));
        tell("post in chunks", post(server, chunks));
        tell("post without a body", post(server, BodyPublishers.noBody()));
        String large = "ASK {}" + " ".repeat(200_000);
        tell("large post", post(server, BodyPublishers.ofString(large)));
        tell("get at the end", request(server + query).GET().build());
        // A client that goes on would keep the program from ending for some time.
        System.exit(0);
    }

    static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address))
            .header("Accept", "application/sparql-results+json");
    }

    static HttpRequest post(String server, BodyPublisher body) {
        return request(server + "/sparql")
            .header("Content-Type", "application/sparql-query").POST(body).build();
    }

    static void tell(String name, HttpRequest request) throws Exception {
        var response = CLIENT.send(request, BodyHandlers.ofString());
        System.out.println(name + ": " + response.statusCode());
    }
}
