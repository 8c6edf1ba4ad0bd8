// A daily entry for the phone's own calendar: a reminder that needs nobody.

/** RFC 5545. The hour floats: it is the person's own in whatever zone they are. */
export function calendarFile(
  entry: { title: string; from: string; at: string; key: string },
  now: Date,
): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const begin = `${entry.from.replaceAll("-", "")}T${entry.at.replace(":", "")}00`;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Respite//Diary//EN",
    "BEGIN:VEVENT",
    `UID:${entry.key}`,
    `DTSTAMP:${stamp}`,
    `DTSTART:${begin}`,
    "DURATION:PT5M",
    "RRULE:FREQ=DAILY",
    "TRANSP:TRANSPARENT",
    `SUMMARY:${escaped(entry.title)}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(entry.title)}`,
    "TRIGGER:PT0S",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map(folded).join("\r\n") + "\r\n";
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (mark) => `\\${mark}`).replaceAll("\n", "\\n");
}

const LONGEST_LINE = 75;

/** No line may have more than 75 bytes; the rest goes on after a space. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  const parts = [""];
  for (const letter of line) {
    const room = LONGEST_LINE - (parts.length > 1 ? 1 : 0);
    const longer = parts.at(-1) + letter;
    if (bytes.encode(longer).length <= room) parts[parts.length - 1] = longer;
    else parts.push(letter);
  }
  return parts.join("\r\n ");
}
