package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.variant;

import java.util.List;
import org.ashlar.api.message.PackageId;

/** What {@code packages:distro:sys} answers. */
public sealed interface PackagesResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 32 << 20;

    /** @throws CodecException when {@code body} is no such answer */
    static PackagesResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("packages response", body, MAX_BYTES).variant();
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "Inspected" -> new Inspected(PackageReport.read(content));
            case "ConsentNeeded" -> new ConsentNeeded(PackageReport.read(content));
            case "Installed" -> new Installed(PackageReport.read(content));
            case "Packages" -> new Packages(content.list(PackageReport::read));
            case "Removed" -> new Removed(MessageJson.packageId(content));
            case "Err" -> new Err(content.text());
            default -> throw answer.unknown("Inspected", "ConsentNeeded", "Installed", "Packages", "Removed", "Err");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Inspected(PackageReport report) -> variant("Inspected", report.write());
            case ConsentNeeded(PackageReport report) -> variant("ConsentNeeded", report.write());
            case Installed(PackageReport report) -> variant("Installed", report.write());
            case Packages(List<PackageReport> packages) -> variant("Packages", list(packages, PackageReport::write));
            case Removed(PackageId id) -> variant("Removed", MessageJson.write(id));
            case Err(String reason) -> variant("Err", text(reason));
        });
    }

    record Inspected(PackageReport report) implements PackagesResponse { }

    /** Nothing was installed: the package asks for what the user has not agreed to. */
    record ConsentNeeded(PackageReport report) implements PackagesResponse { }

    /** It is installed and its processes run. */
    record Installed(PackageReport report) implements PackagesResponse { }

    /** The installed packages, in order of their ids; {@code installed} is the version of each. */
    record Packages(List<PackageReport> packages) implements PackagesResponse {
        public Packages {
            packages = List.copyOf(packages);
        }
    }

    record Removed(PackageId id) implements PackagesResponse { }

    /** Nothing was changed. @param reason one line for a person: what was found, and what to do */
    record Err(String reason) implements PackagesResponse { }
}
