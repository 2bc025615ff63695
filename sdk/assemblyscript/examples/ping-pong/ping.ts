/**
 * Plays table tennis with the process `pong` of the same package.
 *
 * A Request with a number, such as `5`, starts a game of so many balls. All are sent at once, each as a Request of its
 * own with its number as context, and come back in their own time. When the last one is back, or lost, whoever started
 * the game gets the score. Any other body asks for the score of all games so far.
 */
import { Address, Mail, Request, print, receive, respondText } from "ashlar";

const MOST_BALLS = 1000;
const SECONDS = 5;

let underway = 0;
let back = 0;
let lost = 0;

function serve(pong: Address, balls: i32): void {
  for (let ball = 1; ball <= balls; ball++) {
    new Request(pong).text("ping " + ball.toString()).contextText(ball.toString()).expects(SECONDS).send();
  }
  underway += balls;
}

function score(): string {
  return back.toString() + " came back, " + lost.toString() + " lost";
}

function ballReturned(mail: Mail): void {
  underway--;
  if (mail.isResponse) {
    back++;
    print("ball " + mail.contextText + ": " + mail.text, 1);
  } else {
    lost++;
    print("ball " + mail.contextText + " is lost", 1);
  }
  // We are back in the Request that this ball was sent for, so this answers the one who started the game.
  if (underway == 0) respondText(score());
}

export function main(our: Address): void {
  const pong = our.sibling("pong");
  while (true) {
    const mail = receive();
    if (!mail.isRequest) {
      ballReturned(mail);
      continue;
    }
    const balls = <i32>parseInt(mail.text);
    if (balls > 0 && balls <= MOST_BALLS && underway == 0) serve(pong, balls);
    else respondText(score());
  }
}
