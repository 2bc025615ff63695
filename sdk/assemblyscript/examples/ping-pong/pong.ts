/** Returns every ball: answers `ping 7` with `pong 7`. */
import { Address, receive, respondText } from "ashlar";

export function main(our: Address): void {
  while (true) {
    const mail = receive();
    if (mail.isRequest) respondText(mail.text.replace("ping", "pong"));
  }
}
