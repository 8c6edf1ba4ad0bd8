import { msg } from "../../i18n/index.ts";
// The diary's items, in our own words, with what 0 and 10 mean.

export interface Scale {
  key: "mood" | "anxiety" | "pain" | "sleep_quality" | "energy";
  question: string;
  zero: string;
  ten: string;
}

export const SCALES: Record<string, Scale> = {
  mood: {
    key: "mood",
    question: msg("Mood today"),
    zero: msg("worst"),
    ten: msg("best"),
  },
  anxiety: {
    key: "anxiety",
    question: msg("Anxious or tense today"),
    zero: msg("not at all"),
    ten: msg("as bad as can be"),
  },
  pain: {
    key: "pain",
    question: msg("Pain, on average"),
    zero: msg("none"),
    ten: msg("worst imaginable"),
  },
  sleep_quality: {
    key: "sleep_quality",
    question: msg("Last night's sleep"),
    zero: msg("very badly"),
    ten: msg("very well"),
  },
  energy: {
    key: "energy",
    question: msg("Energy today"),
    zero: msg("none"),
    ten: msg("full"),
  },
};

/** What a day is told by, in the order it is asked. */
export const VALUES = [
  "mood",
  "anxiety",
  "pain",
  "sleep_quality",
  "sleep_hours",
  "energy",
] as const;

export const LABELS: Record<string, string> = {
  mood: msg("Mood"),
  anxiety: msg("Anxiety"),
  pain: msg("Pain"),
  sleep_quality: msg("Sleep"),
  sleep_hours: msg("Hours of sleep"),
  energy: msg("Energy"),
};

export const SEVERITY: Record<number, string> = {
  1: msg("mild"),
  2: msg("moderate"),
  3: msg("severe"),
};
export const MAX_NOTE = 500;
