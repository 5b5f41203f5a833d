package ktrace.ctf.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.TsdlLimits;

/**
 * Cuts metadata into its fragments: a sequence of JSON texts, each behind a record separator (RFC 7464). Integers become Long,
 * those beyond its range by their lowest 64 bits.
 */
final class Fragments {
    private static final char SEPARATOR = 0x1e;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8 * TsdlLimits.NESTING).maxNumberLength(100)
                    .build())
            .build();

    private int values;

    private Fragments() {
    }

    /** @throws CtfException that tells the fragment, when one is no JSON, or asks for more than the limits allow */
    static List<JsonObject> of(String text) {
        Fragments reading = new Fragments();
        List<JsonObject> fragments = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int next = text.indexOf(SEPARATOR, at);
            int end = next < 0 ? text.length() : next;
            String fragment = text.substring(at, end);
            if (!fragment.isBlank()) {
                fragments.add(reading.parsed(fragment, fragments.size() + 1));
            }
            at = end + 1;
        }
        return fragments;
    }

    private JsonObject parsed(String fragment, int number) {
        try (JsonParser parser = JSON.createParser(fragment)) {
            parser.nextToken();
            JsonObject object = JsonObject.of(value(parser), "it");
            if (parser.nextToken() != null) {
                throw new CtfException("more than one value");
            }
            return object;
        } catch (IOException e) {
            throw new CtfException("fragment " + number + " is no JSON: " + e.getMessage().lines().findFirst().orElse("cut off"));
        } catch (CtfException e) {
            throw new CtfException("fragment " + number + ": " + e.getMessage());
        }
    }

    private Object value(JsonParser parser) throws IOException {
        if (++values > TsdlLimits.DECLARATIONS * 4) {
            throw new CtfException("more than " + TsdlLimits.DECLARATIONS * 4 + " values");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    properties.put(name, value(parser));
                }
                yield new JsonObject(properties);
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue().longValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new CtfException("a value expected");
        };
    }
}
