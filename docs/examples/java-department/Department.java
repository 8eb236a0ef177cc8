// A department that answers 一站 from Java 17: amqp-client and Jackson, one file, nothing of ours.
//
//   javac -cp amqp-client.jar:jackson-databind.jar:… Department.java
//   ADAPTER_AMQP_URL=amqps://dept.forestry.a:…@host:5671/edge DEPARTMENT=forestry ADAPTER_STORE=/var/lib/yizhan \
//     java -cp .:amqp-client.jar:… Department
//
// It stores before it acknowledges, sends each answer until the broker has confirmed it, and declares nothing.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

public final class Department {
    private static final String ASK = "ask.handle_case.v1", TYPE = "application/cloudevents+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String id = System.getenv("DEPARTMENT");
    private final String mailbox = System.getenv().getOrDefault("ADAPTER_MAILBOX", "inbox");
    private final Path asks = folder("asks"), outbox = folder("outbox"), answers = folder("answers");

    public static void main(String[] words) throws Exception {
        Department department = new Department();
        while (true) {
            try {
                department.serve();
            } catch (Exception lost) {
                System.err.println("link lost: " + lost.getMessage());
            }
            Thread.sleep(1_000);
        }
    }

    private void serve() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(System.getenv("ADAPTER_AMQP_URL"));
        factory.setRequestedHeartbeat(20);
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection()) {
            Channel inbox = connection.createChannel(), outlet = connection.createChannel();
            outlet.confirmSelect();
            inbox.basicQos(20);
            inbox.basicConsume("dept." + id + "." + mailbox, false, (tag, message) -> take(inbox, message), tag -> inbox.abort());
            while (connection.isOpen() && inbox.isOpen()) {
                post(outlet);
                Thread.sleep(200);
            }
        }
    }

    private void take(Channel channel, Delivery message) throws IOException {
        long tag = message.getEnvelope().getDeliveryTag();
        ObjectNode ask;
        try {
            ask = read(message);
        } catch (IllegalArgumentException unreadable) {
            channel.basicReject(tag, false);                 // to the centre's parking, whole; never requeue
            return;
        } catch (IOException notThere) {
            pause();
            channel.basicNack(tag, false, true);             // the data behind a link comes again
            return;
        }
        if (!Files.exists(asks.resolve(key(ask)))) {
            keep(ask);
        } else if (!message.getEnvelope().isRedeliver()) {
            repeat(ask);                                     // the centre sent it again: it has not heard us
        }
        channel.basicAck(tag, false);                        // stored here, and nothing else
    }

    /** The answers first, the ask last: an ask that is on disk has all its answers there. */
    private void keep(ObjectNode ask) throws IOException {
        int number = 0;
        for (ObjectNode data : handle(ask)) {
            ObjectNode answer = answer(ask, ++number, data.remove("kind").asText(), data);
            String name = key(ask) + "." + String.format("%010d", number);
            write(answers.resolve(name), JSON.writeValueAsBytes(answer));
            write(outbox.resolve(name), JSON.writeValueAsBytes(answer));
        }
        write(asks.resolve(key(ask)), JSON.writeValueAsBytes(ask));
    }

    private void repeat(ObjectNode ask) throws IOException {
        try (Stream<Path> said = Files.list(answers)) {
            for (Path answer : said.filter(file -> name(file).startsWith(key(ask) + ".")).sorted().toList()) {
                write(outbox.resolve(name(answer)), Files.readAllBytes(answer));
            }
        }
    }

    /** What this department does with a case; a real one asks its own system, and answers later. */
    private List<ObjectNode> handle(ObjectNode ask) {
        String now = now();
        ObjectNode received = said("received"), accepted = said("accepted"), concluded = said("concluded");
        accepted.put("accepted_at", now);
        concluded.put("outcome", "mediated_written").put("concluded_at", now);
        return List.of(received, accepted, concluded);
    }

    private void post(Channel outlet) throws Exception {
        try (Stream<Path> waiting = Files.list(outbox)) {
            for (Path letter : waiting.filter(file -> !name(file).endsWith(".new")).sorted().toList()) {
                AMQP.BasicProperties about = new AMQP.BasicProperties.Builder()
                    .contentType(TYPE).contentEncoding("utf-8").deliveryMode(2).build();
                String out = mailbox.equals("sandbox") ? "trial" : "out";  // what is only tried has no effect
                outlet.basicPublish("dept." + id + "." + out, "reply", true, about, Files.readAllBytes(letter));
                outlet.waitForConfirmsOrDie(10_000);
                Files.delete(letter);
            }
        }
    }

    private ObjectNode read(Delivery message) throws IOException {
        if (!TYPE.equals(message.getProperties().getContentType())) throw new IllegalArgumentException("content type");
        JsonNode event = parse(message.getBody());
        for (String name : List.of("specversion", "id", "source", "type", "subject")) {
            if (event.path(name).asText("").isEmpty()) throw new IllegalArgumentException("no " + name);
        }
        if (!ASK.equals(event.path("type").asText(""))) throw new IllegalArgumentException("type");
        ObjectNode ask = (ObjectNode) event;
        if (!ask.has("data")) ask.set("data", parse(fetched(ask)));
        if (!id.equals(ask.path("data").path("department").asText(""))) throw new IllegalArgumentException("department");
        return ask;
    }

    private static byte[] fetched(JsonNode event) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(event.path("dataref").asText(""))).build();
            HttpResponse<byte[]> reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (reply.statusCode() != 200) throw new IOException("dataref " + reply.statusCode());
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(reply.body());
            if (!HexFormat.of().formatHex(sum).equals(event.path("datasha256").asText(""))) {
                throw new IllegalArgumentException("other bytes than were meant");
            }
            return reply.body();
        } catch (InterruptedException | java.security.NoSuchAlgorithmException error) {
            throw new IOException(error);
        }
    }

    private ObjectNode answer(ObjectNode ask, int number, String kind, ObjectNode data) {
        String delivery = ask.path("data").path("delivery_id").asText("");
        ObjectNode event = JSON.createObjectNode();
        event.put("specversion", "1.0").put("id", UUID.randomUUID().toString()).put("source", "/dept/" + id);
        event.put("type", "answer." + kind + ".v1").put("subject", "delivery/" + delivery).put("time", now());
        event.put("datacontenttype", "application/json").put("dataschema", "urn:yizhan:schema:answer." + kind + ":1.0");
        event.put("sequence", String.format("%010d.00", number)).put("causationid", ask.path("id").asText(""));
        event.set("data", data.put("delivery_id", delivery));
        return event;
    }

    private static ObjectNode said(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode found = JSON.readTree(body);
            if (found == null || !found.isObject()) throw new IllegalArgumentException("no object");
            return found;
        } catch (IOException error) {
            throw new IllegalArgumentException("not JSON");
        }
    }

    /** Flushed, then renamed: a file that has its name is whole. */
    private static void write(Path file, byte[] body) throws IOException {
        Path draft = file.resolveSibling(name(file) + ".new");
        try (FileChannel out = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(body));
            out.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String key(JsonNode ask) {
        String named = ask.path("source").asText("") + "|" + ask.path("id").asText("");
        return UUID.nameUUIDFromBytes(named.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(5_000);
        } catch (InterruptedException error) {
            throw new IOException(error);
        }
    }

    private static Path folder(String name) {
        try {
            return Files.createDirectories(Path.of(System.getenv("ADAPTER_STORE"), name));
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }
}
