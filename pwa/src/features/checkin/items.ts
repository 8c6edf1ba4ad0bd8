// The diary's items, in our own words, with what 0 and 10 mean.
export interface Scale {
  key: "mood" | "anxiety" | "pain" | "sleep_quality" | "energy";
  question: string;
  zero: string;
  ten: string;
}

export const SCALES: Record<string, Scale> = {
  mood: { key: "mood", question: "Mood today", zero: "worst", ten: "best" },
  anxiety: {
    key: "anxiety",
    question: "Anxious or tense today",
    zero: "not at all",
    ten: "as bad as can be",
  },
  pain: {
    key: "pain",
    question: "Pain, on average",
    zero: "none",
    ten: "worst imaginable",
  },
  sleep_quality: {
    key: "sleep_quality",
    question: "Last night's sleep",
    zero: "very badly",
    ten: "very well",
  },
  energy: { key: "energy", question: "Energy today", zero: "none", ten: "full" },
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
  mood: "Mood",
  anxiety: "Anxiety",
  pain: "Pain",
  sleep_quality: "Sleep",
  sleep_hours: "Hours of sleep",
  energy: "Energy",
};

export const SEVERITY: Record<number, string> = {
  1: "mild",
  2: "moderate",
  3: "severe",
};
export const MAX_NOTE = 500;
