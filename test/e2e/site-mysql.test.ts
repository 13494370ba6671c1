import { siteSuite } from './siteSuite.js';

siteSuite('mysql');
