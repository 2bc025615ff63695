package org.ashlar.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.Snapshotable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The system process {@code backup:distro:sys}. It serves the node's terminal alone: who may read backups may read everything.
 * <p>
 * Life cycle: holds whatever targets, kinds of targets and parts of the node are there. A target that comes is caught up; one that goes while a
 * run is under way is left behind, and the run goes on with the others.
 */
@Component(service = SystemProcess.class, immediate = true, property = SystemProcess.ID + "=backup:distro:sys",
        configurationPid = "org.ashlar.backup.Backup")
@Designate(ocd = BackupProcess.Config.class)
public final class BackupProcess implements SystemProcess {
    private static final String TERMINAL = "terminal:terminal:sys";
    private static final int MAX_BODY = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a person may set. */
    @ObjectClassDefinition(name = "Backups")
    public @interface Config {
        @AttributeDefinition(name = "Interval", description = "Minutes between backups; 0: none by the clock")
        int interval_minutes() default 60;

        @AttributeDefinition(name = "Continuous", description = "A backup soon after each change")
        boolean continuous() default false;

        @AttributeDefinition(name = "Verify", description = "Hours between readings of a sample; 0: none by the clock")
        int verify_hours() default 168;

        @AttributeDefinition(name = "Patience", description = "Seconds that one call on a target may take")
        int patience_seconds() default 120;
    }

    private final List<Snapshotable> parts = new CopyOnWriteArrayList<>();
    private final List<BackupTargetKind> kinds = new CopyOnWriteArrayList<>();
    private final List<Identity> identities = new CopyOnWriteArrayList<>();
    private final Engine engine;
    private final Schedule schedule;
    private final Actions actions;

    @Activate
    public BackupProcess(BundleContext context, Config config, @Reference ConfigurationAdmin admin) throws IOException {
        Path home = Path.of(Optional.ofNullable(context.getProperty("ashlar.home")).orElseThrow(() -> new IllegalStateException(
                "The framework property ashlar.home is not set; it must be the absolute path of the node's home folder.")));
        engine = new Engine(home, this::name, () -> List.copyOf(parts), Clock.systemUTC(),
                Duration.ofSeconds(Math.max(config.patience_seconds(), 1)));
        schedule = new Schedule(engine, new Schedule.Settings(
                config.interval_minutes() > 0 ? Optional.of(Duration.ofMinutes(config.interval_minutes())) : Optional.empty(),
                config.continuous(), config.verify_hours() > 0 ? Optional.of(Duration.ofHours(config.verify_hours())) : Optional.empty()), home);
        actions = new Actions(engine, new Configurations(home, admin), kinds);
        schedule.begin(Schedule.TICK);
    }

    private String name() {
        return identities.isEmpty() ? "ashlar" : identities.getLast().name();
    }

    @Deactivate
    void close() {
        engine.close();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (!request.source().node().equals(request.target().node()) || !request.source().process().toString().equals(TERMINAL)) {
            respond(reply, error("backup:distro:sys serves " + TERMINAL + " alone"));
            return;
        }
        ObjectNode answer;
        try {
            answer = answer(request.message().body());
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            answer = error(Words.reason(e));
        }
        respond(reply, answer);
    }

    private ObjectNode answer(byte[] body) throws IOException {
        if (body.length > MAX_BODY) {
            throw new IOException("a body of more than 1 MiB");
        }
        JsonNode json = JSON.readTree(body);
        if (json == null || !json.isObject() || json.size() != 1) {
            throw new IOException("the body must be a JSON object with one key, such as {\"Status\":{}}");
        }
        Map.Entry<String, JsonNode> action = json.properties().iterator().next();
        return switch (action.getKey()) {
            case "Status" -> status();
            case "Job" -> engine.job(action.getValue().path("id").asLong()).map(BackupProcess::report)
                    .orElseThrow(() -> new IOException("there is no such job any more"));
            default -> report(engine.submit(actions.work(action.getKey(), action.getValue())));
        };
    }

    private ObjectNode status() {
        Status status = Status.of(engine, schedule);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode json = status.json();
        json.put("table", status.table());
        engine.current().ifPresent(job -> json.put("now", job.progress()));
        answer.set("Status", json);
        return answer;
    }

    private static ObjectNode report(Job job) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode json = answer.putObject("Job");
        json.put("id", job.id());
        json.put("progress", job.progress());
        Job.Measure measure = job.measure();
        json.put("bytes", measure.done());
        json.put("total", measure.total());
        Optional<Job.Outcome> ended = job.outcome(); // once: it may end in between
        json.put("done", ended.isPresent());
        ended.ifPresent(outcome -> {
            json.put("text", outcome.text());
            outcome.problem().ifPresent(problem -> json.put("problem", problem));
            outcome.needs().ifPresent(password -> json.put("needs", password.name()));
            outcome.credential().forEach(part -> json.withArray("credential").addObject().put("question", part.question())
                    .put("secret", part.secret()));
        });
        return answer;
    }

    private static ObjectNode error(String why) {
        return JsonNodeFactory.instance.objectNode().put("Err", why);
    }

    private static void respond(Reply reply, ObjectNode answer) {
        try {
            reply.respond(Response.of(JSON.writeValueAsBytes(answer)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addTarget(BackupTarget target, Map<String, Object> properties) {
        String name = String.valueOf(properties.getOrDefault(BackupTarget.NAME, properties.getOrDefault("service.pid", "target")));
        OptionalLong limit = properties.containsKey(BackupTarget.LIMIT)
                ? OptionalLong.of(Long.parseLong(String.valueOf(properties.get(BackupTarget.LIMIT)))) : OptionalLong.empty();
        engine.targets().attach(name, String.valueOf(properties.getOrDefault(BackupTarget.LOCATION, "")), target, limit);
        engine.arrived(name);
    }

    void removeTarget(BackupTarget target) {
        engine.targets().detach(target);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKind(BackupTargetKind kind) {
        kinds.add(kind);
    }

    void removeKind(BackupTargetKind kind) {
        kinds.remove(kind);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addPart(Snapshotable part) {
        parts.add(part);
    }

    void removePart(Snapshotable part) {
        parts.remove(part);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addIdentity(Identity identity) {
        identities.add(identity);
    }

    void removeIdentity(Identity identity) {
        identities.remove(identity);
    }
}
