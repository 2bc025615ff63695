package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.optional;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.ashlar.api.message.PackageId;

/**
 * What {@code packages:distro:sys} is asked to do. {@link Inspect} and {@link Install} carry the package in the blob: the
 * zip of a package folder ({@code metadata.json}, {@code pkg/…}), or of its {@code pkg} alone, as the specification has
 * it (reference-kernel 6.6); the latter does not say whose it is, so the action must.
 */
public sealed interface PackagesAction {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 65_536;

    /** @throws CodecException when {@code body} is no such action */
    static PackagesAction parse(byte[] body) {
        JsonValue.Variant action = JsonValue.parse("packages request", body, MAX_BYTES).variant();
        JsonValue content = action.content();
        return switch (action.name()) {
            case "Inspect" -> new Inspect(content.optional("package_id").map(MessageJson::packageId));
            case "Install" -> new Install(content.optional("package_id").map(MessageJson::packageId),
                    content.field("consent").bool());
            case "List" -> action.unit(new ListPackages());
            case "Remove" -> new Remove(MessageJson.packageId(content));
            default -> throw action.unknown("Inspect", "Install", "List", "Remove");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Inspect(Optional<PackageId> id) -> variant("Inspect", withId(id));
            case Install(Optional<PackageId> id, boolean consent) ->
                    variant("Install", withId(id).put("consent", consent));
            case ListPackages it -> unit("List");
            case Remove(PackageId id) -> variant("Remove", MessageJson.write(id));
        });
    }

    private static ObjectNode withId(Optional<PackageId> id) {
        JsonNode json = optional(id, MessageJson::write);
        return object().set("package_id", json);
    }

    /** Reads a package and says what it is and asks for; nothing changes. */
    record Inspect(Optional<PackageId> id) implements PackagesAction { }

    /**
     * Installs a package, or updates it.
     *
     * @param consent whether the user has agreed to what {@link Inspect} showed; without it nothing is installed that
     *                asks for more than the installed version was granted
     */
    record Install(Optional<PackageId> id, boolean consent) implements PackagesAction { }

    /** {@code "List"}: asks for the installed packages. */
    record ListPackages() implements PackagesAction { }

    /** Ends a package's processes and removes its files; what they kept as state stays. */
    record Remove(PackageId id) implements PackagesAction { }
}
