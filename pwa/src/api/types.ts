// The few names of the API the app speaks of, from the generated document.
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type OwnRecord = Schemas["OwnRecord"];
export type Day = Schemas["Day"];
export type DayInput = Schemas["DayInput"];
export type DayItems = Schemas["DayItems"];
export type Synced = Schemas["Synced"];
export type DayRevision = Schemas["DayRevision"];
export type SyncAnswer = Schemas["SyncAnswer"];
export type Infusion = Schemas["Infusion"];
export type Relief = Schemas["Relief"];
export type Spell = Schemas["Spell"];
export type Safety = Schemas["Safety"];
export type SafetyPlan = Schemas["SafetyPlan"];
export type Term = Schemas["Term"];
export type Passkey = Schemas["Passkey"];
export type OpenSession = Schemas["OpenSession"];
export type Invited = Schemas["Invited"];
export type Problem = Schemas["Problem"];
export type Refusal = Schemas["Error"];
