import type { Prediction, Read } from '../../model/fact.js';

/** What others ask the process of a unit (a database server, say), as far as its answers are known beforehand. */
export interface UnitAnswers {
  /** Once a unit that comes with a package of the run is started for the first time. */
  readonly firstStart: readonly Prediction[];
  /** Says that the process finds data of an earlier installation at its first start: nothing is known of it then. Default: it keeps none. */
  readonly used?: Read<boolean>;
  /** Once it is started another time. Default: nothing is known then. */
  readonly start?: readonly Prediction[];
  /** Once the process was restarted, with the same data. */
  readonly restart: readonly Prediction[];
  /** Once it has reloaded its configuration. Default: nothing is known then. */
  readonly reload?: readonly Prediction[];
}
