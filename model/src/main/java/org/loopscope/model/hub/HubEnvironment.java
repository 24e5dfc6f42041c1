package org.loopscope.model.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * What the environment says about the Hugging Face cache and the Hub, with the variables that the Hub's own library
 * reads.
 */
public final class HubEnvironment {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    private final Map<String, String> variables;
    private final Path home;

    private HubEnvironment(Map<String, String> variables, Path home) {
        this.variables = Map.copyOf(variables);
        this.home = home;
    }

    /**
     * @param variables environment variables
     * @param home the user's home folder
     */
    public static HubEnvironment of(Map<String, String> variables, Path home) {
        return new HubEnvironment(variables, home);
    }

    /** The environment of this process. */
    public static HubEnvironment ofThisProcess() {
        return of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /**
     * The cache: HF_HUB_CACHE, its older name HUGGINGFACE_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub, or
     * {@code ~/.cache/huggingface/hub}; the first that is set.
     */
    public HubCache cache() {
        for (String direct : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
            if (value(direct).isPresent()) {
                return new HubCache(path(value(direct).get()));
            }
        }
        Path base = value("HF_HOME")
                .map(this::path)
                .or(() -> value("XDG_CACHE_HOME").map(xdg -> path(xdg).resolve("huggingface")))
                .orElse(home.resolve(".cache").resolve("huggingface"));
        return new HubCache(base.resolve("hub"));
    }

    private Path path(String text) {
        return text.equals("~") || text.startsWith("~/") ? Path.of(home + text.substring(1)) : Path.of(text);
    }

    private Optional<String> value(String variable) {
        return Optional.of(variables.getOrDefault(variable, "").strip()).filter(text -> !text.isEmpty());
    }

    /** HF_ENDPOINT, or the public Hub; without a slash at its end. */
    URI endpoint() throws LoopscopeException {
        String text = value("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceFirst("/+$", "");
        try {
            URI uri = new URI(text);
            if (Set.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new LoopscopeException(wrongEndpoint(text), e);
        }
        throw new LoopscopeException(wrongEndpoint(text));
    }

    private static String wrongEndpoint(String text) {
        return "HF_ENDPOINT: expected an address such as " + DEFAULT_ENDPOINT + ", found " + ForeignText.quoted(text)
                + ".";
    }

    /** HF_TOKEN. */
    Optional<String> token() {
        return value("HF_TOKEN");
    }

    /** Whether HF_HUB_OFFLINE forbids the network. */
    boolean offline() {
        return value("HF_HUB_OFFLINE")
                .map(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }
}
