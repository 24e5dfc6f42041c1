package org.loopscope.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.shape.LoopConfig;

/** One revision of one repository on the Hub: its list of files, and its configuration. */
final class HubRepository {
    private static final int MAX_LIST_BYTES = 16 << 20;
    private static final int MAX_CONFIG_BYTES = 4 << 20;
    private static final long MAX_TOTAL_BYTES = 1L << 50; // far above any model
    private static final int ATTEMPTS = 2; // a person waits for the list
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REVISION = Pattern.compile("(?!.*(\\.\\.|//))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}");

    private final HubClient client;
    private final RepoId repo;
    private final String revision;

    HubRepository(HubClient client, RepoId repo, String revision) throws LoopscopeException {
        if (!REVISION.matcher(revision).matches()) {
            throw new LoopscopeException(
                    "Revision: expected a branch, a tag or a commit, found " + ForeignText.quoted(revision) + ".");
        }
        this.client = client;
        this.repo = repo;
        this.revision = revision;
    }

    /** The files that a model needs; its configuration is read and checked, and nothing else is fetched. */
    HubListing listing(RunControl control) throws LoopscopeException {
        control.progress("asking for the files of " + repo, 0, 0);
        JsonNode answer = parse(fetch(
                "/api/models/" + repo + "/revision/" + encoded(revision) + "?blobs=true",
                MAX_LIST_BYTES,
                "its list of files",
                control));
        String commit = answer.path("sha").asText();
        if (!HubCache.isCommit(commit)) {
            throw unreadable("a commit");
        }
        List<HubFile> files = files(answer);
        if (files.stream().noneMatch(file -> file.name().equals("config.json"))) {
            throw new LoopscopeException(repo + ": expected config.json among its files, found none.");
        }
        LoopConfig config = config(commit, control);
        if (files.stream().noneMatch(NeededFiles::isWeights)) {
            throw new LoopscopeException(repo + ": expected weights as safetensors among its files, found none.");
        }
        return new HubListing(repo, revision, commit, config, files);
    }

    private List<HubFile> files(JsonNode answer) throws LoopscopeException {
        List<HubFile> files = new ArrayList<>();
        for (JsonNode sibling : answer.path("siblings")) {
            JsonNode large = sibling.path("lfs");
            JsonNode size = large.has("size") ? large.get("size") : sibling.path("size");
            JsonNode hash = large.has("sha256") ? large.get("sha256") : sibling.path("blobId");
            files.add(new HubFile(sibling.path("rfilename").asText(), size.asLong(-1), hash.asText()));
        }
        List<HubFile> needed = NeededFiles.of(files);
        long left = MAX_TOTAL_BYTES; // counted down, so that no sum can run over
        for (HubFile file : needed) {
            if (file.sizeBytes() < 0 || !HASH.matcher(file.etag()).matches()) {
                throw unreadable("size and checksum of " + ForeignText.shown(file.name()));
            }
            if (file.sizeBytes() > left) {
                throw new LoopscopeException(repo + ": expected files of at most " + MAX_TOTAL_BYTES
                        + " bytes together in the list of files from " + client.endpoint() + ", found more.");
            }
            left -= file.sizeBytes();
        }
        return needed;
    }

    /** Before gigabytes are fetched: is this a model that can be run? */
    private LoopConfig config(String commit, RunControl control) throws LoopscopeException {
        byte[] bytes =
                fetch("/" + repo + "/resolve/" + commit + "/config.json", MAX_CONFIG_BYTES, "its config.json", control);
        try {
            return ConfigReader.read(bytes);
        } catch (LoopscopeException e) {
            throw new LoopscopeException(
                    repo + " is no model that Loopscope can run; its weights were not fetched. " + e.getMessage(), e);
        }
    }

    private byte[] fetch(String path, int limit, String what, RunControl control) throws LoopscopeException {
        for (int failures = 1; ; failures++) {
            try {
                HttpResponse<Body> response = client.get(client.at(path), 0, control);
                try (Body body = response.body()) {
                    if (response.statusCode() != 200) {
                        throw refused(response);
                    }
                    return client.read(body, limit, repo + ", " + what, control);
                }
            } catch (IOException e) {
                if (failures == Math.min(ATTEMPTS, client.patience().attempts())) {
                    throw client.given(repo + ", " + what, e);
                }
                client.patience().afterFailure(failures, ServerBusyException.waitAsked(e), control);
            }
        }
    }

    private JsonNode parse(byte[] json) throws LoopscopeException {
        try {
            return new JsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(String.valueOf(unreadable("JSON").getMessage()), e);
        } catch (IOException e) {
            throw new IllegalStateException("an array can always be read", e);
        }
    }

    private LoopscopeException unreadable(String expected) {
        return new LoopscopeException(repo + ": expected " + expected + " in the list of files from "
                + client.endpoint() + ", found something else; is that a Hugging Face server?");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** One sentence for an answer that is no content. */
    LoopscopeException refused(HttpResponse<?> response) {
        int status = response.statusCode();
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        if (code.equals("RevisionNotFound")) {
            return new LoopscopeException(repo + " has no revision \"" + revision + "\" at " + client.endpoint() + ".");
        }
        if (status == 404) {
            return new LoopscopeException(client.endpoint() + " has no model " + repo
                    + (revision.equals(HubCache.MAIN) ? "" : " with the revision " + revision)
                    + "; check how it is written.");
        }
        if (status == 401 || status == 403) {
            return new LoopscopeException(denied(status, code));
        }
        return new LoopscopeException(
                repo + ": expected an answer 200 from " + client.endpoint() + ", found " + status + ".");
    }

    private String denied(int status, String code) {
        if (client.hasToken()) {
            return client.endpoint() + " does not give " + repo + " to the token in HF_TOKEN (" + status
                    + "): accept the model's conditions on its page, or use a token that may read it.";
        }
        if (code.equals("GatedRepo")) {
            return client.endpoint() + " gives " + repo + " only to people who accepted its conditions (" + status
                    + "): accept them on its page, and set HF_TOKEN to your token.";
        }
        return client.endpoint() + " does not give " + repo + " to everybody (" + status
                + "): check its name, and set HF_TOKEN to a token that may read it.";
    }
}
